"""Hands off the mouse: everything is reached by Tab, seen when it has the focus, and does its work by Enter or Space."""

import re

import pytest
from measure_site import AT_ONCE, PHONE

LESSON = "book/linear-regression/loss.html"  # with code, folded code and solutions, formulas and pictures

LOOK = """element => ['outline', 'boxShadow', 'border', 'backgroundColor', 'textDecoration', 'color', 'opacity']
    .map(each => getComputedStyle(element)[each]).join(' | ')"""
IN_SIGHT = """element => {
    const {width, height, left, right, top, bottom} = element.getBoundingClientRect()
    return width > 1 && height > 1 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight
        && element.checkVisibility({opacityProperty: true, visibilityProperty: true})
}"""
NAME = "element => element.outerHTML.slice(0, element.outerHTML.indexOf('>') + 1) + element.textContent.trim().slice(0, 40)"
SETTLED = "() => new Promise(resolve => setTimeout(resolve, 1000) && requestAnimationFrame(() => setTimeout(resolve, 10)))"
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true}))
    .filter(each => each.type !== 'radio' || each === document.getElementsByName(each.name)[0])"""


def press_tab(page, key="Tab"):
    """Press Tab and return what has the focus now, None for nothing in the page."""
    page.keyboard.press(key)
    element = page.evaluate_handle("document.activeElement").as_element()
    return None if element.evaluate("each => each === document.body") else element


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_tab_reaches_everything_and_shows_where_it_is(page, site, mode):
    page.emulate_media(color_scheme=mode, reduced_motion="reduce")
    page.goto(site.url + LESSON)
    page.evaluate(AT_ONCE)
    expected = page.evaluate(f"({FOCUSABLE})().length")
    assert expected > 60, "this lesson has more than that to reach"
    stops = []
    for _ in range(expected + 5):
        element = press_tab(page)
        if element is None:
            break
        page.evaluate(SETTLED)
        stops.append((element, element.evaluate(NAME), element.evaluate(LOOK), element.evaluate(IN_SIGHT)))
    names = [name for _, name, _, _ in stops]
    missed = page.evaluate_handle(FOCUSABLE).evaluate("(all, stops) => all.filter(each => !stops.includes(each)).map(each => each.outerHTML.slice(0, 120))", [stop[0] for stop in stops])
    assert missed == []
    assert [name for _, name, _, in_sight in stops if not in_sight] == [], "the focus is where nobody sees it"
    rings = {look.split(" | ")[0] for _, _, look, _ in stops}
    assert len(rings) == 1 and "solid 3px" in rings.pop(), "one ring for all, that of course.css"
    page.evaluate("document.activeElement.blur()")
    page.evaluate(SETTLED)
    unmarked = [name for element, name, look, _ in stops if element.evaluate(LOOK) == look]
    assert unmarked == [], "the focus is not marked"

    def place(pattern):
        return next(i for i, name in enumerate(names) if re.search(pattern, name))

    assert "#main-content" in names[0], "first, the way past the navigation"
    assert place('type="search"') < place('class="current reference internal"|aria-current="page"') < place("copybtn") < place("right-next")


def test_the_skip_link_goes_to_the_text(page, site):
    page.goto(site.url + LESSON)
    press_tab(page)
    page.keyboard.press("Enter")
    assert press_tab(page).evaluate("each => each.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_fold_opens_and_closes(page, site, key):
    page.goto(site.url + LESSON)
    fold = page.locator("details:has(> summary)").first
    fold.locator("summary").focus()
    for expected in (True, False):
        page.keyboard.press(key)
        assert fold.evaluate("fold => fold.open") is expected


def test_a_box_that_scrolls_is_scrolled_by_the_arrows(page, site):
    page.set_viewport_size(PHONE)
    page.goto(site.url + LESSON)
    page.evaluate(AT_ONCE)
    boxes = page.locator("main pre").filter(visible=True)
    wide = next(box for box in boxes.all() if box.evaluate("box => box.scrollWidth > box.clientWidth + 30"))
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())


def test_the_colours_switch(page, site):
    page.goto(site.url + LESSON)
    seen = set()
    page.locator(".theme-switch-button").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
        seen.add(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}


def test_the_search_box_searches(page, site):
    page.goto(site.url + LESSON)
    page.locator("input[type=search]").first.focus()
    page.keyboard.type("convex")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=convex")


@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_on_a_phone_the_menus_open_hold_the_focus_and_give_it_back(page, site, which):
    page.set_viewport_size(PHONE)
    page.goto(site.url + LESSON)
    toggle = page.locator(f"button.{which}-toggle").filter(visible=True)
    toggle.focus()
    page.keyboard.press("Enter")
    menu = page.locator(f"dialog#pst-{which}-sidebar-modal[open]")
    menu.wait_for()
    stops = menu.evaluate(f"menu => ({FOCUSABLE})().filter(each => menu.contains(each)).length")
    assert stops > 5
    for key in ("Tab", "Shift+Tab"):
        for _ in range(stops + 3):  # past its end, which a menu that does not hold the focus leaves
            element = press_tab(page, key)
            assert element is None or menu.evaluate("(menu, element) => menu.contains(element)", element)
    if element is None:  # on its way round, the focus was with the browser itself
        press_tab(page)
    page.keyboard.press("Escape")
    menu.wait_for(state="detached")
    assert toggle.evaluate("toggle => toggle === document.activeElement")


def test_the_copy_button_works(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.url + LESSON)
    button = page.locator("button.copybtn").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('import'))")


def test_tab_reaches_a_box_that_scrolls_once_its_fold_is_open(page, site):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site.url + LESSON, wait_until="networkidle")
    page.evaluate(AT_ONCE)
    boxes = page.locator("details :is(pre, .pst-scrollable-table-container)")
    scrolls = "boxes => boxes.filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth).map(box => box.tabIndex)"
    folded = "boxes => boxes.filter(box => !box.checkVisibility() && box.hasAttribute('tabindex')).length"
    assert boxes.evaluate_all(folded) == 0, "a folded box is not measured: that costs a layout each"
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.wait_for_timeout(500)
    assert set(boxes.evaluate_all(scrolls)) == {0}
