"""Fixtures: a small book of a test's own; and for the tests in a browser the real book, built once, a server, and pages that report every fault.

    def test_something(book):            # a small book
        book.page("Text."); build(book.folder); book.html()

    def test_something(page, site):      # the real book
        page.goto(site.url + "book/index.html")

    def test_something(page, serve, book):  # the small one in a browser
        server = serve(book.folder / "_build" / "html")

A page that asks another host for anything, misses a file, or logs an error fails its test, whatever else this looks at.
Without Chromium or Chrome these tests are skipped, and the summary says so; with REQUIRE_BROWSER=1, as in .ci/run, they fail.
"""

import os
import shutil
from contextlib import ExitStack

import pytest
from book import HEADER, ROOT, build
from filelock import FileLock
from measure_site import DESKTOP, chromium, launch
from playwright.sync_api import sync_playwright
from site_server import SiteServer
from third_party import DESCRIPTION, fetch

SITE = ROOT / "_build" / "html"
PARTS = ["LICENSE", "_config.yml", "requirements.txt", "constraints.txt", *DESCRIPTION]  # of the real book, for the small ones
PARTS += ["book/_extensions", "book/_static", "book/_templates", "book/references.bib"]


@pytest.fixture
def book(tmp_path):
    return small_book(tmp_path)


def small_book(tmp_path):
    """Return a book in a folder with the real configuration and extensions, one page, and code/ of its own; book.page(text) writes the page."""

    class Book:
        folder = tmp_path
        code = tmp_path / "code" / "stand_in.py"

        def page(self, text):
            (tmp_path / "book" / "page.md").write_text(HEADER + "# Page\n\n" + text)

        def html(self):
            return (tmp_path / "_build" / "html" / "book" / "page.html").read_text()

    for name in PARTS:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    (tmp_path / "node_modules").symlink_to(fetch(ROOT))
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n- caption: Part\n  numbered: 1\n  chapters:\n  - file: book/page\n  - file: book/bibliography\n"
    )
    (tmp_path / "book" / "index.md").write_text("# Book\n\n[page](page.md)\n")
    (tmp_path / "book" / "bibliography.md").write_text("# Sources\n\n```{bibliography}\n```\n")
    for stray in (".venv", ".pytest_cache"):  # their Markdown is none of the book's
        (tmp_path / stray).mkdir()
        (tmp_path / stray / "README.md").write_text("# Stray\n\n[broken](nowhere.md)\n")
    (tmp_path / "code").mkdir()
    Book.code.write_text("def answer():\n    return 41\n")
    return Book()


@pytest.fixture(scope="session")
def built_site(tmp_path_factory):
    """The real book's folder of pages, after one strict build a session, whichever of xdist's workers asks first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    log = shared / "build.log"
    with FileLock(log.with_suffix(".lock")):
        if not log.exists():
            result = build(ROOT)
            log.write_text("" if result.returncode == 0 else result.stdout)
    assert log.read_text() == "", log.read_text()
    return SITE


@pytest.fixture(scope="module")
def serve():
    """A function that serves a folder as GitHub Pages would, until the module's tests are done: serve(folder).url."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(SiteServer(folder))


@pytest.fixture(scope="module")
def site(built_site, serve):
    return serve(built_site)


@pytest.fixture(scope="module")  # not the session: Playwright's event loop must be gone when nbval starts its kernels
def browser():
    try:
        chromium()
    except FileNotFoundError as error:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(f"NOT TESTED in a browser: {error}")
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture
def page(browser):
    """A blank page of a browser without a past, light, as wide as a desktop; its faults fail the test at its end."""
    with browser.new_context(viewport=DESKTOP, color_scheme="light") as context:
        page = context.new_page()
        faults = watch(page)
        yield page
    assert not faults, "\n".join(faults)


def watch(page):
    """Return a list that takes up every fault of what the page opens from now on."""
    faults = []

    def on_request(request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            faults.append(f"another host is asked: {request.url}")

    def on_failure(request):
        if request.failure != "net::ERR_ABORTED":  # the reader went on
            faults.append(f"{request.failure}: {request.url}")

    def on_response(response):
        opened = response.request.is_navigation_request() and response.frame == page.main_frame
        if response.status >= 400 and not opened:  # the test itself may open an address that leads nowhere
            faults.append(f"{response.status}: {response.url}")

    def on_console(message):
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):  # said above
            faults.append(f"console {message.type}: {message.text}")

    page.on("request", on_request)
    page.on("requestfailed", on_failure)
    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    return faults
