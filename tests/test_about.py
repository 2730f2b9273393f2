"""About the article: every section of it, and every error, omission and dated idiom, leads to a heading of ours that exists."""

import re

import pytest
from book import page_path
from mdit_py_plugins.anchors.index import slugify

SECTIONS = """
    1.0 1.1 1.2 1.2b 1.3 1.3a 1.3b 1.4
    2.1 2.1Q 2.2 2.2Q1 2.2Q2 2.3 2.4 2.4a 2.4b 2.4c 2.4d 2.4Q 2.5 2.5Q 2.6
    3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8
""".split()
FAULTS = [str(number) for number in range(1, 25)]  # fifteen errors, seven omissions, two dated idioms
ROW = re.compile(r"^\| *([\w.]+) *\|(.*)\|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)\.md(?:#([^)\s]+))?\)")


def rows():
    """Return {number: the rest of its row} of the page's tables."""
    found = ROW.findall(page_path("about-the-article").read_text(encoding="utf-8"))
    return {number: rest for number, rest in found if number in SECTIONS + FAULTS}


def headings(page):
    """Return the anchors of a page's headings, code cells left aside."""
    text = re.sub(r"^```.*?^```$", "", page_path(page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {slugify(re.sub(r"[`*$]", "", title)) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("number", SECTIONS + FAULTS)
def test_a_row_leads_to_a_heading_that_exists(number):
    links = LINK.findall(rows().get(number, ""))
    assert any(anchor for _, anchor in links), f"{number} leads to no heading"
    for page, anchor in links:
        assert not anchor or anchor in headings(page), f"{number}: {page} has no heading #{anchor}, only {sorted(headings(page))}"


def test_the_five_questions_have_their_pages():
    text = page_path("about-the-article").read_text(encoding="utf-8")
    for page in ("reshape", "detach", "no-module-named-d2l", "grad", "backward"):
        assert f"(questions/{page}.md" in text
