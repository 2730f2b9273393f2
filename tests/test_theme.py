"""What we put in the place of the theme's own still fits it, and the stylesheet without what is unused gives the same looks."""

import hashlib
import re
import site as python
from pathlib import Path

import pytest
import stylesheet
from book import ROOT
from lean_pages import look
from measure_site import AT_ONCE
from pygments.token import STANDARD_TYPES, Text

UPSTREAM = ROOT / "book" / "_templates" / "upstream.sha256"
PAGES = ("book/index.html", "book/linear-regression/loss.html", "book/scratch/dataset.html", "book/glossary.html", "search.html?q=loss", "genindex.html")


@pytest.mark.parametrize("line", UPSTREAM.read_text().splitlines())
def test_a_file_of_the_theme_that_we_override_or_rely_on_is_the_one_we_know(line):
    known, name = line.split()
    found = [Path(folder) / name for folder in python.getsitepackages() if (Path(folder) / name).is_file()]
    assert found, f"{name} is gone: see what in book/_templates/ and book/_extensions/ took it for granted"
    assert hashlib.sha256(found[0].read_bytes()).hexdigest() == known, (
        f"{name} has changed: see what that means for book/_templates/ and book/_extensions/, then put its new sha256sum in {UPSTREAM.name}"
    )


def test_every_template_of_ours_says_why_it_exists():
    for template in (ROOT / "book" / "_templates").glob("*.html"):
        assert re.match(r"(<!DOCTYPE html>\n)?\{# .{30,} #\}\n", template.read_text()), template.name


def whole_stylesheet(folder):
    """Return what site.css was made of, whole."""
    static = folder / "_static"
    names = re.match(r"/\* \w+ (.*?) \*/", (static / stylesheet.NAME).read_text())[1].split()
    return "\n".join(stylesheet.read(static, name) for name in names)


# one number for all computed styles of each element of the page, and of what stands before and after it
STYLES = """() => [...document.querySelectorAll('body, body *')].flatMap(element => ['', '::before', '::after'].map(part => {
    let sum = 0
    for (const character of getComputedStyle(element, part).cssText) sum = (sum * 31 + character.charCodeAt(0)) | 0
    return [element.outerHTML.slice(0, 100) + part, sum]
}))"""
SWAP = """css => {
    const style = document.createElement('style')
    style.textContent = css
    document.querySelector('link[href*="site.css"]').replaceWith(style)
}"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width, mode", [(360, "light"), (1200, "dark")])
def test_the_trimmed_stylesheet_gives_every_element_the_style_of_the_whole_one(page, site, name, width, mode):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=mode, reduced_motion="reduce")
    page.goto(site.url + name, wait_until="networkidle")
    page.evaluate(AT_ONCE)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    trimmed = page.evaluate(STYLES)
    page.evaluate(SWAP, whole_stylesheet(site.folder).replace("url(", f"url({site.url}_static/"))
    other = [element for (element, style), (_, now) in zip(trimmed, page.evaluate(STYLES)) if style != now]
    assert other == []


SELECTORS = """css => {
    const sheet = new CSSStyleSheet(), found = new Set()
    const add = rule => {
        for (const selector of rule.selectorText?.split(/,(?![^(]*\\))/) ?? []) found.add(selector.trim())
        for (const inner of rule.cssRules ?? []) add(inner)
    }
    sheet.replaceSync(css)
    for (const rule of sheet.cssRules) add(rule)
    return [...found]
}"""


def test_no_rule_of_our_own_is_trimmed(page, site):
    page.goto("about:blank")
    ours = page.evaluate(SELECTORS, (ROOT / "book" / "_static" / "course.css").read_text())
    built = set(page.evaluate(SELECTORS, (site.folder / "_static" / stylesheet.NAME).read_text()))
    assert len(ours) > 100
    assert [selector for selector in ours if selector not in built] == []


def test_code_without_the_elements_that_lean_pages_leaves_out_has_the_same_colours(built_site):
    css = (built_site / "_static" / "pygments.css").read_text()
    for mode in ("light", "dark"):
        colours = dict(re.findall(rf'data-theme="{mode}"\] \.highlight (?:\.(\w+) )?\{{[^}}]*?color: (#\w+)', css))
        plain = re.search(rf'data-theme="{mode}"\] \.highlight \{{[^}}]*?; color: (#\w+)', css)[1]
        for kind, short in STANDARD_TYPES.items():
            if short in colours:
                assert colours[short] == (plain if look(kind) is Text else colours[STANDARD_TYPES[look(kind)]]), (mode, kind)
