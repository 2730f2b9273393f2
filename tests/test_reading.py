"""The reader knows where they are and where to go, copies code that runs, and prints a page that is only its text."""

import re

import pytest
from book import HTML_PAGES, code_cells, pages
from bs4 import BeautifulSoup
from measure_site import AT_ONCE, PHONE, open_page

CHAPTERS = [f"book/{page}.html" for page in pages()]
LESSON = "book/linear-regression/loss.html"
HIDDEN_ON_PAPER = """.bd-sidebar, .bd-header-article, .prev-next-footer, .copybtn, .headerlink, #pst-skip-link, button, input[type=search],
    .sidebar-toggle, .theme-switch-button"""
# Where a line begins with the comma after a formula, or ends with the bracket before it.
PARTED = """() => [...document.querySelectorAll('.bd-article span.math')].filter(formula => {
    const place = (text, at) => {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect()
    }
    const boxes = [...formula.querySelectorAll('.katex-base')].map(box => box.getBoundingClientRect())
    const {previousSibling: before, nextSibling: after} = formula
    const comma = after?.nodeType === 3 && /^[^\\s\\w(\\[“‘—–]/.test(after.data) && place(after, 0)
    const bracket = before?.nodeType === 3 && /[(\\[“‘]$/.test(before.data) && place(before, before.length - 1)
    return comma && comma.width && comma.left < boxes.at(-1).right - 2 || bracket && bracket.width && bracket.right > boxes[0].left + 2
}).map(formula => formula.querySelector('annotation').textContent)"""
SECONDS = """() => [...document.querySelectorAll('*')].flatMap(each => [null, '::before', '::after'].map(part => getComputedStyle(each, part)).flatMap(style => [
    style.transitionDuration, style.animationTimeline === 'auto' && style.animationName !== 'none' ? style.animationDuration : '0s']))
    .flatMap(times => times.split(',')).map(time => parseFloat(time) * (time.trim().endsWith('ms') ? 0.001 : 1)).reduce((a, b) => Math.max(a, b), 0)"""


@pytest.mark.parametrize("place", range(len(CHAPTERS)))
def test_the_page_its_part_and_its_neighbours_are_named(built_site, place):
    page = BeautifulSoup((built_site / CHAPTERS[place]).read_text(encoding="utf-8"), "html.parser")
    for side, neighbour in (("left-prev", place - 1), ("right-next", place + 1)):
        link = page.select_one(f".prev-next-area a.{side}")
        assert (link is not None) == (0 <= neighbour < len(CHAPTERS))
        assert link is None or CHAPTERS[neighbour].endswith("/" + link["href"].lstrip("./"))
    assert len(page.find_all("h1")) == 1
    if place:  # the landing page stands in no part
        current = page.select(".bd-sidebar-primary li.current.active > a")
        assert [link["aria-current"] for link in current] == ["page"], "the navigation marks the page"
        part = current[0].find_previous(class_="caption").get_text(strip=True)
        assert part in page.select_one(".bd-header-article").get_text(), "the bar above the text names the part"
        headings = [re.sub(r"\W+", " ", heading.get_text()) for heading in page.select("article h2")]
        listed = [re.sub(r"\W+", " ", link.get_text()) for link in page.select(".bd-sidebar-secondary li.toc-h2 > a")]
        assert len(listed) == len(headings), "the page lists its headings"


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_page_has_a_title_a_description_a_language_and_an_icon(built_site, name):
    page = BeautifulSoup((built_site / name).read_text(encoding="utf-8"), "html.parser")
    assert page.html["lang"] == "en"
    assert len(page.title.get_text(strip=True)) > 10
    [description] = page.find_all("meta", attrs={"name": "description"})
    assert len(description["content"]) >= 40, description
    assert page.find("link", rel="icon")


def test_no_two_pages_share_a_title_or_a_description(built_site):
    heads = [(built_site / name).read_text(encoding="utf-8").partition("</head>")[0] for name in CHAPTERS]
    texts = [BeautifulSoup(head, "html.parser") for head in heads]
    assert len({page.title.get_text() for page in texts}) == len(texts)
    assert len({page.find("meta", attrs={"name": "description"})["content"] for page in texts}) == len(texts)


def test_a_copy_button_copies_the_code_only(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.url + LESSON)
    cells = [source for source, _ in code_cells(LESSON.removeprefix("book/").removesuffix(".html"))]
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    blocks = page.locator("div.cell_input")
    assert blocks.count() == len(cells)
    assert page.locator(".cell_output .copybtn").count() == 0, "what a cell prints is not code"
    for block, source in zip(blocks.all(), cells):
        page.evaluate("navigator.clipboard.writeText('')")
        block.hover()
        block.locator(".copybtn").click()
        page.wait_for_function("navigator.clipboard.readText()")
        assert page.evaluate("navigator.clipboard.readText()").strip() == source.strip()


@pytest.mark.parametrize("name", [LESSON, "book/index.html", "book/questions/reshape.html"])
def test_on_paper_there_is_the_text_with_its_solutions_and_nothing_to_press(page, site, name):
    open_page(page, site, name)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(HIDDEN_ON_PAPER).filter(visible=True).evaluate_all("all => all.map(each => each.outerHTML.slice(0, 100))") == []
    assert page.locator("h1").is_visible()
    folds = page.locator("details")
    shown = "fold => [...fold.children].slice(1).every(each => each.checkVisibility({contentVisibilityProperty: true}) && each.getBoundingClientRect().height > 0)"
    assert [fold.evaluate("each => each.outerHTML.slice(0, 100)") for fold in folds.all() if not fold.evaluate(shown)] == []
    if name == LESSON:
        assert page.locator("details.solution").count() >= 2
    narrow = page.evaluate("[...document.querySelectorAll('main pre')].filter(box => box.scrollWidth > box.clientWidth + 1).length")
    assert narrow == 0, "nothing is cut off on paper"


@pytest.mark.parametrize("name", [LESSON, "search.html?q=loss"])
def test_nothing_moves_for_those_who_asked_for_that(page, site, name):
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.url + name)
    assert page.evaluate(SECONDS) <= 0.01
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("name", [LESSON, "book/linear-regression/minibatch-sgd.html", "book/notation.html"])
def test_a_line_does_not_break_between_a_formula_and_its_punctuation(page, site, name):
    page.goto(site.url + name)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate(AT_ONCE)
    for width in range(320, 560, 40):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(PARTED) == [], width


@pytest.mark.parametrize("name", CHAPTERS[1::5])
def test_on_a_phone_the_bar_names_the_part_and_the_page_and_the_neighbours_fit(page, site, name):
    page.set_viewport_size(PHONE)
    page.goto(site.url + name)
    part, here = page.locator("li.breadcrumb-item:not(.breadcrumb-home)").all()
    assert part.evaluate("each => each.scrollWidth <= each.clientWidth"), "the part's name is cut off"
    assert here.evaluate("each => each.scrollWidth <= each.clientWidth || each.clientWidth > innerWidth / 2"), "much of the page's name is cut off"
    outside = "all => all.filter(each => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0).map(each => each.outerHTML)"
    assert page.locator(".prev-next-area *").evaluate_all(outside) == []


@pytest.mark.parametrize("name", ["book/run-it.html", "book/houses/capstone.html"])
def test_on_a_phone_a_table_scrolls_rather_than_pile_up_words(page, site, name):
    page.set_viewport_size(PHONE)
    page.goto(site.url + name)
    page.evaluate(AT_ONCE)
    cells = page.locator(".bd-article td").filter(visible=True).evaluate_all("all => all.map(each => [each.innerText, each.clientWidth])")
    long = [(text, width) for text, width in cells if len(text) > 30]
    assert len(long) > 5
    assert [cell for cell in long if cell[1] < 120] == []
