"""Every link to run, download or mend a page leads to a file that is there, in any fork; without a repository there is none."""

import re
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import nbformat
import pytest
from book import build
from bs4 import BeautifulSoup
from repository import branch
from test_build import EVERYTHING

FORK = "https://github.com/some-one/their.fork"
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture
def fork(book, monkeypatch):
    """The small book in a fork, on a branch with an odd name; fork.links() builds it and returns {page: {label: address}}."""

    def links():
        result = build(book.folder)
        assert result.returncode == 0, result.stdout
        found = {}
        for path in sorted((book.folder / "_build" / "html" / "book").glob("*.html")):
            soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
            found[path.stem] = {link.text: link["href"] for link in soup.select(".launch a")}
            where = f"http://site/book/{path.name}"
            assert (path.parent / urljoin(where, found[path.stem].pop("Download the notebook")).replace("http://site", "..")).is_file()
            spec = found[path.stem].get("Run in Binder", "").removeprefix("https://mybinder.org/v2/").partition("?")[0]
            assert all(button["data-binder"] == spec for button in soup.select("#live")), "the button asks Binder for the same"
            assert not soup.select('a[href*="mybinder"]:not(.launch a), a[href*="colab"]:not(.launch a)')
        return found

    book.page(EVERYTHING)
    book.links = links
    for name in ("GITHUB_REPOSITORY", "BOOK_SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOOK_REPOSITORY_URL", FORK)
    monkeypatch.setenv("BOOK_BRANCH", "spring/2+50%#1")
    return book


def test_every_link_leads_to_what_is_there(fork):
    mend = {"Edit this page", "Report an error"}
    links = fork.links()
    assert links.keys() == {"bibliography", "index", "page"}
    assert all(of_page.keys() == mend for of_page in links.values()), "no twin yet, so nothing to run"
    result = build(fork.folder, "--builder", "custom", "--custom-builder", "twins")
    assert result.returncode == 0, result.stdout
    links = fork.links()
    assert links["page"].keys() == mend | {"Run in Binder", "Open in Colab"}
    assert links["index"].keys() == links["bibliography"].keys() == mend, "they have no cells to run"
    for page, of_page in links.items():
        for label, address in of_page.items():
            leads_to = at_github(address)
            assert leads_to == f"issue about {page}: " if "issue" in address else (fork.folder / leads_to).is_file(), (label, address)

    twin = fork.folder / "notebooks" / "page.ipynb"
    twin.write_text(twin.read_text().replace(f"git+{FORK}#", "git+https://github.com/some-one/else#"))
    assert fork.links()["page"].keys() == mend | {"Run in Binder"}, "in Colab, the twin would fetch another fork's code"


def at_github(address):
    """Return the path, below the repository's root, of the file that an address opens, as its service reads it."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    path, name = parts.path.removeprefix("/github"), urlsplit(FORK).path
    if parts.netloc == "mybinder.org":
        owner, repository, ref = parts.path.removeprefix("/v2/gh/").split("/", 2)  # as BinderHub does: the ref may have slashes
        assert (f"/{owner}/{repository}", unquote(ref)) == (name, "spring/2+50%#1")
        return asked["urlpath"][0].removeprefix("lab/tree/")
    assert parts.netloc in ("colab.research.google.com", "github.com") and path.startswith(name + "/")
    kind, _, rest = path.removeprefix(name + "/").partition("/")
    if kind == "issues":
        return "issue about " + asked["title"][0]
    assert kind == ("edit" if parts.netloc == "github.com" else "blob")
    assert unquote(rest).startswith("spring/2+50%#1/")
    return unquote(rest).removeprefix("spring/2+50%#1/")


def test_without_a_repository_there_is_no_link_to_one(fork, monkeypatch):
    monkeypatch.setenv("BOOK_REPOSITORY_URL", "")
    assert all(links == {} for links in fork.links().values())
    assert not [target for target in targets(fork) if not target.startswith("https://doi.org")], "links to other pages are text"


def targets(book):
    """Return where the links of the page's notebook lead, as the site offers it."""
    notebook = nbformat.read(book.folder / "_build" / "html" / "notebooks" / "page.ipynb", as_version=4)
    return [target for cell in notebook.cells if cell.cell_type == "markdown" for target in LINK.findall(cell.source)]


def test_a_download_links_to_the_published_pages(fork, monkeypatch):
    fork.links()
    site = "https://some-one.github.io/their.fork/"
    assert f"{site}book/index.html" in targets(fork)
    for target in targets(fork):
        assert target.startswith(site) and (fork.folder / "_build" / "html" / target.removeprefix(site).partition("#")[0]).is_file()
    monkeypatch.setenv("BOOK_SITE_URL", "https://course.example/")
    fork.links()
    assert "https://course.example/book/index.html" in targets(fork), "the address changed, the page did not"


def test_the_branch_is_githubs_where_github_builds(monkeypatch, tmp_path):
    for name in ("BOOK_BRANCH", "GITHUB_REF", "GITHUB_REF_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert branch(tmp_path) == "main", "no repository at all"
    monkeypatch.setenv("GITHUB_REF", "refs/heads/spring")
    monkeypatch.setenv("GITHUB_REF_NAME", "spring")
    assert branch(tmp_path) == "spring"
    monkeypatch.setenv("GITHUB_REF", "refs/pull/7/merge")
    monkeypatch.setenv("GITHUB_REF_NAME", "7/merge")
    assert branch(tmp_path) == "main"
