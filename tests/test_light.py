"""Pages are light and hold still: bytes, requests and layout shift as measure_site.py counts them, nothing that blocks, no sideways scroll."""

import pytest
from book import HTML_PAGES
from bs4 import BeautifulSoup
from measure_site import AT_ONCE, FIRST_KB, HEAVY, MOST_NEXT_KB, NEXT_KB, OBSERVE_SHIFTS, REQUESTS, SHIFT, WAKE, measure, open_page

WIDTHS = (360, 768, 1200, 1600)
WIDER_THAN_THE_WINDOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def costs(browser, built_site):
    """{page: what the first visit costs, the next page, the first visit on a phone}, on a slow line."""
    return {name: cost for name, *cost in measure(browser, built_site, HTML_PAGES)}


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_visit_costs_little_and_nothing_moves(costs, name):
    first, second, phone = costs[name]
    assert first.kilobytes <= FIRST_KB and first.requests <= REQUESTS
    assert second is None or second.kilobytes <= MOST_NEXT_KB
    assert max(first.shift, phone.shift) <= SHIFT


def test_the_next_page_costs_less_but_for_a_few(costs):
    heavy = {name: second.kilobytes for name, (_, second, _) in costs.items() if second and second.kilobytes > NEXT_KB}
    assert len(heavy) <= HEAVY, heavy


@pytest.mark.parametrize("name", HTML_PAGES)
def test_no_page_scrolls_sideways(page, site, name):
    open_page(page, site, name)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate(WAKE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDER_THAN_THE_WINDOW) == [], width


LONG = "book/linear-regression/loss.html"
WATCH = """addEventListener('load', () => {
    window.leftOut = () => [...document.querySelectorAll('.bd-article *')].filter(each => getComputedStyle(each).contentVisibility === 'auto').length
    window.leftOutAtFirst = leftOut()
})"""


def test_a_long_page_comes_in_pieces_and_ends_whole(page, site):
    page.add_init_script(OBSERVE_SHIFTS + WATCH)
    page.goto(site.url + LONG)
    assert page.evaluate("leftOutAtFirst") > 20, "what is far below the window is laid out later"
    page.wait_for_function("!('inPieces' in document.documentElement.dataset)")
    assert page.evaluate("leftOut()") == 0
    assert page.evaluate("layoutShift") <= SHIFT


def test_who_comes_to_a_place_in_a_page_stays_there(page, site):
    page.add_init_script(WATCH)
    page.goto(f"{site.url}{LONG}#exercises")
    assert page.evaluate("leftOutAtFirst") == 0
    place = page.locator("#exercises").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= place <= 100
    page.wait_for_timeout(1000)
    assert page.locator("#exercises").evaluate("each => each.getBoundingClientRect().top") == place


def test_who_comes_back_to_a_page_finds_it_as_it_was(page, site):
    page.goto(site.url + LONG)
    page.evaluate(AT_ONCE)
    page.evaluate("scrollTo({top: 5000, behavior: 'instant'})")
    page.reload()
    page.wait_for_function("scrollY >= 4990")
    page.wait_for_timeout(1000)
    assert page.evaluate("scrollY") == pytest.approx(5000, abs=10)


@pytest.mark.parametrize("name", HTML_PAGES)
def test_no_script_blocks_and_every_picture_has_its_size(built_site, name):
    page = BeautifulSoup((built_site / name).read_text(encoding="utf-8"), "html.parser")
    scripts = [script for script in page.find_all("script", src=True)]
    assert [script["src"] for script in scripts if not {"async", "defer"} & script.attrs.keys() and script.get("type") != "module"] == []
    assert [image["src"] for image in page.find_all("img") if not {"width", "height"} <= image.attrs.keys()] == []
