"""The site is whole: every page shows all that it has without another host, and every link within the site leads somewhere.

The network is cut in the browser, and the fixture `page` fails a test on a foreign request, a missing file, an error logged.
"""

import re
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from book import HTML_PAGES
from bs4 import BeautifulSoup
from measure_site import READ_TO_THE_END, html_pages, open_page

LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "object": "data", "embed": "src"}
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
FOREIGN_IN_CSS = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^\"')\s]+")


@cache
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_the_pages_of_the_site_are_those_that_the_tests_visit(built_site):
    assert html_pages(built_site) == sorted(HTML_PAGES)


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_page_shows_everything_with_the_network_cut(page, site, name):
    open_page(page, site, name)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate(READ_TO_THE_END)
    page.evaluate("document.querySelectorAll('.playing').forEach(figure => figure.classList.remove('playing'))")  # the pictures in their places
    page.evaluate(READ_TO_THE_END)
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)") == []
    icons_and_letters = "[...document.fonts].filter(font => font.status === 'error').map(font => font.family)"
    assert page.evaluate(icons_and_letters) == []


def test_no_page_or_stylesheet_names_another_host_to_load_from(built_site):
    named = []
    for name in HTML_PAGES:
        page = soup(built_site / name)
        loaded = [tag.get(attribute, "") for kind, attribute in LOADED.items() for tag in page.find_all(kind)]
        loaded += [tag["href"] for tag in page.find_all("link") if RELATIONS & set(tag.get("rel", []))]
        named += [(name, address) for address in loaded if urlsplit(address).netloc]
    for path in built_site.rglob("*.css"):
        named += [(path.name, address) for address in FOREIGN_IN_CSS.findall(path.read_text(encoding="utf-8"))]
    assert named == []


def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(built_site):
    broken = []
    for name in HTML_PAGES:
        if name == "404.html":  # its links start at the site's root, wherever it is shown: test_a_wrong_address
            continue
        for tag in soup(built_site / name).find_all(href=True):
            target = urlsplit(urljoin(f"http://site/{name}", tag["href"]))
            if target.netloc != "site" or "canonical" in tag.get("rel", []):
                continue
            path = built_site / unquote(target.path[1:])
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                broken.append(f"{name}: {tag['href']}")
            elif target.fragment and path.suffix == ".html":
                place = unquote(target.fragment)
                if not soup(path).find(id=place) and not soup(path).find("a", attrs={"name": place}):
                    broken.append(f"{name}: {tag['href']}: no such place")
    assert broken == []
