"""What we put in the place of the theme's own still fits it, and the stylesheet without what is unused looks the same."""

import hashlib
import re
import site as python
from pathlib import Path

import pytest
import stylesheet
from book import ROOT

UPSTREAM = ROOT / "book" / "_templates" / "upstream.sha256"
PAGES = ("book/index.html", "book/linear-regression/loss.html", "book/scratch/dataset.html", "book/glossary.html", "search.html?q=loss", "genindex.html")
MODES = [(width, mode) for width in (360, 1200) for mode in ("light", "dark")]


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


def looks(page, address):
    """Return {(width, mode): PNG} of a whole page, its folds open."""
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    pictures = {}
    for width, mode in MODES:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=mode, reduced_motion="reduce")
        page.evaluate("() => new Promise(resolve => setTimeout(resolve, 400))")
        pictures[width, mode] = page.screenshot(full_page=True, animations="disabled", caret="hide")
    return pictures


@pytest.mark.parametrize("name", PAGES)
def test_the_trimmed_stylesheet_shows_what_the_whole_one_shows(page, site, name):
    whole = whole_stylesheet(site.folder)
    trimmed = looks(page, site.url + name)
    page.route("**/_static/site.css*", lambda route: route.fulfill(body=whole, content_type="text/css"))
    for key, picture in looks(page, site.url + name).items():
        assert picture == trimmed[key], f"{name} at {key} looks otherwise"
