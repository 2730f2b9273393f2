"""Hands off the mouse: everything is reached by Tab, seen when it has the focus, and does its work by Enter or Space."""

import pytest
from measure_site import PHONE

LESSON = "book/linear-regression/loss.html"  # with code, folded solutions, a navigation on both sides

LOOK = "element => ['outline', 'boxShadow', 'border', 'backgroundColor', 'textDecoration', 'color'].map(each => getComputedStyle(element)[each]).join(' | ')"
IN_SIGHT = """element => {
    const {width, height, left, right} = element.getBoundingClientRect()
    return width > 1 && height > 1 && right > 0 && left < innerWidth && element.checkVisibility({opacityProperty: true, visibilityProperty: true})
}"""
NAME = "element => element.tagName.toLowerCase() + [...element.classList].map(each => '.' + each).join('') + ' ' + (element.ariaLabel || element.textContent).trim().slice(0, 40)"
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true, contentVisibilityProperty: true})).length"""


def tab_through(page):
    """Press Tab until the focus has been everywhere, and return the elements in its order."""
    stops = []
    for _ in range(page.evaluate(FOCUSABLE) + 1):
        page.keyboard.press("Tab")
        element = page.evaluate_handle("document.activeElement").as_element()
        if element.evaluate("each => each === document.body"):
            break
        stops.append((element, element.evaluate(NAME), element.evaluate(LOOK), element.evaluate(IN_SIGHT)))
    return stops
