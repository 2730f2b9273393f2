"""Live cells: the published page in Chromium, its cells running on a Jupyter server on this machine, alone or standing where Binder would be.

`make live` itself serves the real book here. Binder's part is played by Playwright. Nobody else is ever asked for anything.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from book import ROOT, build, cell
from conftest import small_book, watch
from live import JupyterServer
from measure_site import DESKTOP, PHONE
from playwright.sync_api import expect
from test_accessible import CONTRAST, OPEN_FOLDS, RUN_AXE, UNREACHABLE, axe, show  # noqa: F401, the fixture axe

LESSON = "book/linear-regression/loss.html"
WITH_FIGURES_AND_AN_ERROR = "book/linear-regression/closed-form.html"
BINDER = "https://mybinder.org/build/gh/some-one/course/main"
STREAM = {"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"}
FOREIGN = [
    "https://evil.example", "http://127.0.0.1.evil.example:8888/", "http://127.0.0.1@evil.example/", "http://reader:secret@127.0.0.1:8888/",
    "//evil.example", "ws://127.0.0.1:8888", "javascript:alert(1)", "data:text/html,127.0.0.1", "http://192.168.0.1:8888", "",
]
RECORD = """() => {
    const record = name => {
        const list = [], line = document.querySelector('section.live ' + name)
        const note = changes => list.push(...changes.flatMap(change => [...change.addedNodes].map(node => node.textContent)))
        new MutationObserver(note).observe(line, {childList: true})
        return list
    }
    window.said = record('[role=status]')
    window.logged = record('.live-log')
}"""


@pytest.fixture(scope="module")
def live(built_site):
    """What `make live` does once the book is built, and the address that it opens: the site, the server, its token."""
    command = [sys.executable, str(ROOT / "tools" / "live.py")]
    with subprocess.Popen(command, env={**os.environ, "BROWSER": "true"}, stdout=subprocess.PIPE, text=True) as process:
        addresses = (re.match(r"(http\S+/course/)\S*#live=(\S+)&token=(\w+)$", line) for line in process.stdout)
        yield next(filter(None, addresses)).groups()
        process.terminate()
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def small(tmp_path_factory, serve):
    """A small book's site, as a fork that Binder can open publishes it."""
    book = small_book(tmp_path_factory.mktemp("small"))
    book.page(cell('print("it runs")') + "\n" + cell("import time"))
    (book.folder / "notebooks").mkdir()
    (book.folder / "notebooks" / "page.ipynb").write_text("{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOOK_REPOSITORY_URL", "https://github.com/some-one/course")
        patch.setenv("BOOK_BRANCH", "main")
        result = build(book.folder)
    assert result.returncode == 0, result.stdout
    return serve(book.folder / "_build" / "html")


@pytest.fixture
def reader(browser):
    """A page of a test that makes errors, which are logged; its faults are scripts that fail, and foreign addresses."""
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        faults = watch(page)
        yield page
    faults = [each for each in faults if each.startswith(("another host", "script:")) and BINDER not in each]
    assert not faults, "\n".join(faults)


def said(page):
    return page.locator("section.live [role=status]")


def start(page, address, name, token=None):
    """Open a page of the book with a server in its address, and press the button."""
    site, server, right = address
    page.goto(f"{site}{name}#live={server}&token={right if token is None else token}")
    expect(page).not_to_have_url(re.compile("token"))
    page.get_by_role("button", name="Run the cells here").click()


def code(page, number):
    return page.get_by_role("textbox", name=f"Code of cell {number}", exact=True)


def write(page, number, text):
    code(page, number).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def run(page, number):
    page.get_by_role("button", name=f"Run cell {number}", exact=True).click()


def output(page, number):
    return page.locator("div.cell:has(.cell_input)").nth(number - 1).locator(".live-output")


def is_ready(page):
    expect(said(page)).to_contain_text("Ready.", timeout=30_000)


def sessions(server, token):
    with urlopen(f"{server}api/sessions?token={token}") as answer:
        return json.load(answer)


def test_a_cell_is_edited_and_run_by_keyboard_and_leaving_is_as_easy(page, live):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    site, server, token = live
    page.goto(f"{site}{LESSON}#live={server}&token={token}")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if not url.startswith(site) or "thebe" in url or "live.css" in url], "before the click"
    before = page.locator("article").inner_text()
    page.get_by_role("button", name="Run the cells here").press("Enter")
    is_ready(page)
    expect(page.get_by_role("button", name="Run all cells")).to_be_focused()
    shown = page.locator("div.cell_output").first.inner_text()
    write(page, 2, "import os, torch, linear_regression\ntorch.ones(2) * 21, os.getcwd()")
    assert page.locator("div.cell_output").first.inner_text() == shown, "what the page shows stays until the cell runs"
    page.keyboard.press("Shift+Enter")
    expect(output(page, 2)).to_contain_text("(tensor([21., 21.]), '" + str(ROOT / "notebooks" / "linear-regression") + "')", timeout=20_000)
    expect(said(page)).to_have_text("Finished cell 2.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run cell 2", exact=True)).to_be_focused()
    assert {re.match(r"\w+://[^/]+/", url)[0] for url in asked if not url.startswith(("data:", site))} == {server, server.replace("http", "ws")}
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("button", name="Run the cells here")).to_be_visible()
    assert page.locator("article").inner_text() == before and page.locator(".CodeMirror").count() == 0
    for _ in range(50):
        if not sessions(server, token):
            break
        page.wait_for_timeout(100)
    assert sessions(server, token) == [], "no kernel stays behind"


def test_all_cells_of_a_page_print_and_draw_what_it_shows(reader, live):
    page = reader
    page.goto(live[0] + WITH_FIGURES_AND_AN_ERROR)
    published = page.locator("div.cell:has(.cell_input)").evaluate_all("""cells => cells.map(cell =>
        [...cell.querySelectorAll('.cell_output')].map(each => [each.textContent.trim(), each.querySelectorAll('img').length])[0] ?? ['', 0])""")
    start(page, live, WITH_FIGURES_AND_AN_ERROR)
    is_ready(page)
    page.get_by_role("button", name="Run all cells").click()
    expect(said(page)).to_have_text(f"Finished: all {len(published)} cells have run.", timeout=60_000)
    assert page.locator("div.cell_output:not(.live-output)").count() == 0
    figures = errors = 0
    for number, (text, images) in enumerate(published, 1):
        now = output(page, number)
        printed = "".join(now.locator(".jp-OutputArea-output").all_text_contents()).strip()
        assert now.locator("img").count() == images
        for image in now.locator("img").all():
            assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
            assert image.get_attribute("alt") == f"The figure that cell {number} has drawn."
        if "Traceback" in text:  # the page shows less of it
            assert printed.splitlines()[-1] == text.splitlines()[-1]
            errors += 1
        elif not images:
            assert printed.split() == text.split()  # myst-nb leaves an empty line where it joins a stream
        figures += images
    assert figures > 1 and errors == 1


def test_an_error_shows_its_traceback_and_stops_the_rest(reader, live):
    page = reader
    start(page, live, LESSON)
    is_ready(page)
    write(page, 2, "print('first')\nundefined_name")
    page.get_by_role("button", name="Run all cells").click()
    expect(said(page)).to_have_text("Stopped in cell 2: NameError: name 'undefined_name' is not defined", timeout=20_000)
    expect(output(page, 2)).to_contain_text("Traceback (most recent call last)")
    expect(output(page, 2)).to_contain_text("first")
    page.wait_for_timeout(300)
    assert output(page, 3).text_content() == ""


def test_what_never_ends_is_restarted_and_what_dies_says_so(reader, live):
    page = reader
    start(page, live, LESSON)
    is_ready(page)
    write(page, 1, "kept = 1\nwhile True: pass")
    run(page, 1)
    run(page, 2)
    expect(said(page)).to_have_text("Running cell 1 …")
    page.evaluate(RECORD)
    page.get_by_role("button", name="Restart").click()
    expect(said(page)).to_contain_text("Restarted: no variable is left.", timeout=20_000)
    page.wait_for_timeout(700)
    expect(said(page)).to_contain_text("Restarted")
    assert not [words for words in page.evaluate("said") if "cell" in words.split(".")[0]], "neither cell has finished or started"
    assert output(page, 1).text_content() == output(page, 2).text_content() == "", "nothing of what was broken off or waited"
    write(page, 1, "print('kept' in globals())")
    run(page, 1)
    expect(output(page, 1)).to_have_text("False")
    write(page, 2, "import os; os._exit(1)")
    run(page, 2)
    expect(said(page)).to_contain_text("The kernel has died", timeout=20_000)
    run(page, 1)
    expect(said(page)).to_have_text("Finished cell 1.", timeout=20_000)


@pytest.mark.parametrize("mode, size", [("light", DESKTOP), ("dark", PHONE)])
def test_live_cells_are_for_everyone(reader, live, axe, mode, size):  # noqa: F811
    page = reader
    page.set_viewport_size(size)
    show(page, mode)
    start(page, live, LESSON)
    is_ready(page)
    write(page, 2, "class Two:  # a comment\n    text = 'a' + str(2.5)\n    @property\n    def f(self): return None\n1 / 0")
    page.get_by_role("button", name="Run all cells").click()
    expect(said(page)).to_contain_text("Stopped in cell 2", timeout=20_000)
    page.evaluate(OPEN_FOLDS)
    page.evaluate("document.querySelectorAll('.katex-html').forEach(each => each.remove())")
    page.evaluate(CONTRAST)
    page.evaluate(axe)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scrolls = [each for each in page.evaluate(UNREACHABLE) if "CodeMirror" not in each]  # an editor scrolls with its cursor
    assert scrolls == [] and page.evaluate(RUN_AXE, None) == []


def test_a_wrong_token_is_said_and_nothing_is_loaded(reader, live):
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    start(reader, live, LESSON, token="wrong")
    expect(said(reader)).to_contain_text("refuses: the token is not its own")
    expect(said(reader)).to_contain_text("make live")
    expect(reader.get_by_role("link", name="Other ways to run this page")).to_be_visible()
    assert not [url for url in asked if "thebe" in url]


def test_a_server_that_is_not_there_is_said(reader, live):
    start(reader, (live[0], "http://127.0.0.1:9/", "any"), LESSON)
    expect(said(reader)).to_contain_text("does not answer")
    expect(said(reader)).to_contain_text("make live")


def test_the_server_is_for_this_machine_and_this_site_alone():
    with JupyterServer("http://127.0.0.1:8080") as server:
        assert not any(server.token in str(part) for part in server.process.args), "others on the machine can read how it was started"
        with pytest.raises(OSError):  # this address leads to a server that listens on all
            socket.create_connection(("127.0.0.2", urlsplit(server.url).port), timeout=2).close()
        with urlopen(Request(f"{server.url}api/status?token={server.token}", headers={"Origin": "https://evil.example"})) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8080", "a browser refuses it to another site's page"


@pytest.mark.parametrize("address", FOREIGN)
def test_no_address_leads_to_a_foreign_server(page, live, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live[0]}{LESSON}#live={address}&token=any")
    expect(said(page)).to_contain_text("Refused")
    expect(said(page)).to_contain_text("Nothing was sent")
    page.reload()
    assert page.evaluate("sessionStorage.getItem('live')") is None
    assert not [url for url in asked if not url.startswith((live[0], "data:"))]


def events(*messages):
    return "".join(f"data: {json.dumps(message)}\n\n" for message in messages)


def binder(page, small, body=None, **answer):
    """Open the small book's page, with these events, or this answer, where Binder would be; return the list of the addresses that ask it."""
    asked = []

    def answer_for_binder(route):
        asked.append(route.request.url)
        route.fulfill(body=body, headers=STREAM) if body is not None else route.fulfill(**answer) if answer else route.abort()

    page.route("https://mybinder.org/**", answer_for_binder)
    page.goto(small.url + "book/page.html")
    page.evaluate(RECORD)
    page.get_by_role("button", name="Run the cells here").click()
    return asked


def test_binder_builds_runs_is_kept_for_the_tab_and_dies(reader, small):
    with JupyterServer(small.url.removesuffix("/course/")) as server:
        building, again = ({"phase": "building", "message": f"Step {step}/9 : \x1b[91minstalling\x1b[0m\n"} for step in (4, 5))
        ready = {"phase": "ready", "message": "server running", "url": server.url, "token": server.token}
        asked = binder(reader, small, events({"phase": "waiting", "message": "..."}, building, again, {"phase": "launching", "message": "..."}, ready))
        is_ready(reader)
        words = reader.evaluate("said")
        for expected in ("Asking Binder", "will start soon", "is building", "starting a server", "Starting a kernel", "Ready."):
            assert len([each for each in words if expected in each]) == 1, words
        assert [line for line in reader.evaluate("logged") if "Step" in line] == ["Step 4/9 : installing\n", "Step 5/9 : installing\n"]
        run(reader, 1)
        expect(output(reader, 1)).to_have_text("it runs")
        reader.reload()
        reader.get_by_role("button", name="Run the cells here").click()
        is_ready(reader)
        assert asked == [BINDER], "the server is kept for the pages that follow"
        write(reader, 2, "import time; time.sleep(60)")
        run(reader, 2)
        expect(said(reader)).to_have_text("Running cell 2 …")
        server.process.kill()
        expect(said(reader)).to_contain_text("does not answer", timeout=8_000)
        expect(said(reader)).to_contain_text("Binder gives you another one")
        run(reader, 1)
        expect(said(reader)).to_contain_text("does not answer", timeout=20_000)
    reader.reload()
    reader.get_by_role("button", name="Run the cells here").click()
    expect(said(reader)).to_contain_text("does not answer", timeout=20_000)
    assert asked == [BINDER] * 2, "it is gone, so Binder is asked for another one"


REFUSALS = {
    "failed": ({"body": events({"phase": "failed", "message": "No space left\n"})}, "Binder has failed: No space left."),
    "full": ({"status": 429}, "cannot be reached from here, or has refused"),
    "down": ({}, "cannot be reached from here, or has refused"),
    "unsafe": ({"body": events({"phase": "ready", "url": "http://hub.example/", "token": "any"})}, "without encryption, http://hub.example/"),
}


@pytest.mark.parametrize("how", REFUSALS)
def test_binder_refuses_and_can_be_asked_again(reader, small, how):
    answer, words = REFUSALS[how]
    asked = binder(reader, small, **answer)
    expect(said(reader)).to_contain_text(words)
    expect(said(reader)).to_contain_text("Try again later, or run the page in another way.")
    reader.get_by_role("button", name="Run the cells here").click()
    expect(said(reader)).to_contain_text(words)
    reader.wait_for_timeout(100)
    assert asked == [BINDER] * 2


def test_a_silent_binder_is_not_waited_for_for_ever(reader, small):
    reader.clock.install()
    reader.route("https://mybinder.org/**", lambda route: None)
    reader.goto(small.url + "book/page.html")
    reader.get_by_role("button", name="Run the cells here").click()
    expect(said(reader)).to_contain_text("Asking Binder")
    reader.clock.run_for(179_000)
    expect(said(reader)).to_contain_text("Asking Binder")
    reader.clock.run_for(2_000)
    expect(said(reader)).to_contain_text("Binder has said nothing for 3 minutes.")


def test_a_server_that_hangs_is_noticed_while_a_cell_runs(reader, small):
    with JupyterServer(small.url.removesuffix("/course/")) as server:
        reader.clock.install()
        start(reader, (small.url, server.url, server.token), "book/page.html")
        is_ready(reader)
        write(reader, 2, "import time; time.sleep(60)")
        run(reader, 2)
        expect(said(reader)).to_have_text("Running cell 2 …")
        server.process.send_signal(signal.SIGSTOP)
        reader.clock.run_for(15_000)
        expect(said(reader)).to_contain_text("does not answer", timeout=20_000)
        server.process.send_signal(signal.SIGCONT)


def test_there_is_no_button_where_it_could_do_nothing(page, small, live):
    page.goto(small.url + "book/index.html")
    assert page.locator("#live").count() == 0, "no cells"
    with page.context.browser.new_context(java_script_enabled=False) as context:
        still = context.new_page()
        still.goto(small.url + "book/page.html")
        expect(still.locator("#live")).to_be_hidden()
        still.goto(live[0] + LESSON)
        expect(still.locator("#live")).to_be_hidden()
