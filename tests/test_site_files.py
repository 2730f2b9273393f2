"""What stands around the pages: descriptions, titles, the root's page and the one for a wrong address, addresses where they are known."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from book import HTML_PAGES, build, pages
from bs4 import BeautifulSoup
from repository import site_url

OPENING = "Why does the loss fall? This page says it in a sentence, and then goes on for so long that no search engine would ever show the whole of it, which is why it is cut.\n"


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_page_names_its_language_title_description_and_icon(built_site, name):
    page = soup(built_site / name)
    assert page.html["lang"] == "en" and page.title.string.strip()
    [description] = page.select('meta[name="description"]')
    assert 30 < len(description["content"]) <= 162
    assert len(page.select('link[rel="icon"]')) == len(page.select('meta[name="viewport"]')) == 1
    assert len(page.select("h1")) == 1


def test_no_two_pages_have_the_same_title_or_description(built_site):
    found = [soup(built_site / "book" / f"{page}.html") for page in pages()]
    assert len({page.title.string for page in found}) == len(found)
    assert len({page.select_one('meta[name="description"]')["content"] for page in found}) == len(found)


def test_a_page_says_which_part_it_belongs_to(built_site):
    page = soup(built_site / "book" / "scratch" / "dataset.html")
    crumbs = [crumb.get_text(strip=True) for crumb in page.select(".bd-breadcrumbs li")]
    assert crumbs[1] == "Part 2 · From scratch" and crumbs[2].endswith("A data set whose answer we know")


def test_the_root_leads_to_the_first_page(built_site):
    page = soup(built_site / "index.html")
    assert page.a["href"] == "book/index.html" and page.h1


def test_nothing_of_a_launch_or_an_example_repository_is_left(built_site):
    for name in HTML_PAGES:
        text = (built_site / name).read_text(encoding="utf-8")
        assert not re.search(r"executablebooks|binder-examples|unpkg|thebe_selector|THEBE_JS_URL", text), name


def test_folds_open_without_a_script(built_site):
    page = soup(built_site / "book" / "linear-regression" / "loss.html")
    solutions = page.select("details.solution > summary")
    assert len(solutions) >= 3 and not page.select("details.solution > summary a")
    assert page.select("details.hidden-code > summary:first-child")


def built(book, monkeypatch, **environment):
    """Build the small book with some of the environment set; return the folder of its pages."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    book.page(OPENING)
    result = build(book.folder)
    assert result.returncode == 0, result.stdout
    return book.folder / "_build" / "html"


def test_where_the_address_is_known_pages_say_it(book, monkeypatch):
    site = built(book, monkeypatch, BOOK_SITE_URL="https://example.org/course")
    page = soup(site / "book" / "page.html")
    address = "https://example.org/course/book/page.html"
    assert page.select_one('link[rel="canonical"]')["href"] == page.select_one('meta[property="og:url"]')["content"] == address
    card = page.select_one('meta[property="og:image"]')["content"]
    assert card.startswith("https://example.org/course/_static/") and (site / card.removeprefix("https://example.org/course/")).is_file()
    for kind in ('name="description"', 'property="og:description"'):
        assert page.select_one(f"meta[{kind}]")["content"] == "Why does the loss fall?" or page.select_one(f"meta[{kind}]")["content"].endswith(" …")
    listed = [place.text for place in ElementTree.parse(site / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert listed == [f"https://example.org/course/book/{name}.html" for name in ("bibliography", "index", "page")]
    wrong = soup(site / "404.html")
    assert wrong.a["href"] == "/course/book/index.html" and wrong.form["action"] == "/course/search.html"


def test_where_it_is_not_known_pages_say_none(book, monkeypatch):
    site = built(book, monkeypatch, BOOK_REPOSITORY_URL="", BOOK_SITE_URL="")
    page = soup(site / "book" / "page.html")
    assert not page.select('link[rel="canonical"], meta[property^="og:"]') and not (site / "sitemap.xml").exists()
    assert soup(site / "404.html").a["href"] == "/book/index.html"


@pytest.mark.parametrize("environment, address", [
    ({"BOOK_SITE_URL": "https://example.org/a/"}, "https://example.org/a/"),
    ({"BOOK_SITE_URL": "", "BOOK_REPOSITORY_URL": "https://github.com/Ada/course"}, None),
    ({"BOOK_REPOSITORY_URL": "https://github.com/Ada/course"}, "https://ada.github.io/course/"),
    ({"BOOK_REPOSITORY_URL": "https://github.com/Ada/ada.github.io"}, "https://ada.github.io/"),
    ({"BOOK_REPOSITORY_URL": ""}, None),
])
def test_the_sites_address(monkeypatch, tmp_path, environment, address):
    for name in ("BOOK_SITE_URL", "BOOK_REPOSITORY_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert site_url(tmp_path) == address
