"""Every page asks its reader questions; each has one right answer, and something said on every answer, script or no script."""

import re
from collections import Counter

import nbformat
import pytest
from book import build, cell, page_path, pages

ASKED = """\
```{self-check} Predict
What is $x$, by {eq}`eq-one`?

~~~python
x = 1
~~~

- [ ] Two, as in `x = 2`.

  Not $2$.
- [x] One.

  It is {out}`1`.

  Look again.
```

```{math}
:label: eq-one
x = 1
```
"""

MALFORMED = {
    "no right answer": "Which?\n\n- [ ] This.\n\n  No.\n- [ ] That.\n\n  No.",
    "two right answers": "Which?\n\n- [x] This.\n\n  Yes.\n- [x] That.\n\n  Yes.",
    "an answer without a mark": "Which?\n\n- [x] This.\n\n  Yes.\n- That.\n\n  No.",
    "an answer with nothing said on it": "Which?\n\n- [x] This.\n- [ ] That.\n\n  No.",
    "one answer": "Which?\n\n- [x] This.\n\n  Yes.",
    "no question": "- [x] This.\n\n  Yes.\n- [ ] That.\n\n  No.",
    "no answers": "Which?",
}
WITHOUT_LESSON = {"index", "run-it", "notation", "glossary", "bibliography", "about-the-article", "houses/capstone"}
SELF_CHECK = re.compile(r"^```\{self-check\}([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LESSONS = [page for page in pages() if page not in WITHOUT_LESSON]


def questions(page):
    """Return the questions of a page as (title, text)."""
    return [(title.strip(), text) for title, text in SELF_CHECK.findall(page_path(page).read_text(encoding="utf-8"))]


def test_a_question_stands_whole_in_the_page_and_in_its_twin(book):
    book.page(cell("print(1)") + "\n" + ASKED)
    site = build(book.folder)
    assert site.returncode == 0, site.stdout
    form = re.search(r'<form class="self-check">.*?</form>', book.html(), re.DOTALL)[0]
    assert re.search(r"<legend>.*Predict.*What is .*</legend>", form) and "eq-one" in form
    assert re.findall(r'<input type="radio" name="([^"]+)" hidden>', form) == ["check-0"] * 2
    assert "hidden>Check</button>" in form and '<div role="status"></div>' in form
    key = form[form.index("<details"):]
    assert re.findall(r'data-right="(\w+)"', key) == ["false", "true"]
    assert "<strong>No.</strong> Not " in key and "<strong>Right.</strong> It is 1." in key and "Look again." in key
    assert book.html().count("self_check.js") == 1
    assert "self_check.js" not in (book.folder / "_build/html/book/bibliography.html").read_text(), "only where there is a question"

    twins = build(book.folder, "--builder", "custom", "--custom-builder", "twins")
    assert twins.returncode == 0, twins.stdout
    notebook = nbformat.read(book.folder / "notebooks" / "page.ipynb", as_version=4)
    lines = [line.strip() for line in notebook.cells[-1].source.splitlines() if line.strip()]
    assert lines == [
        "> **Predict.** What is $x$, by (1.1)?",
        "```python", "x = 1", "```",
        "- **A.** Two, as in `x = 2`.", "- **B.** One.",
        "<details><summary>Answer</summary>",
        "- A. **No.** Not $2$.", "- B. **Right.** It is 1.", "Look again.",
        "</details>",
        "$$", r"x = 1 \tag{1.1}", "$$",
    ]


@pytest.fixture
def question(book, serve):
    """The address of a small page with one question."""
    book.page(cell("print(1)") + "\n" + ASKED)
    assert build(book.folder).returncode == 0
    return serve(book.folder / "_build" / "html").url + "book/page.html"


def test_by_keyboard_the_reader_chooses_checks_and_is_told(page, question):
    page.goto(question)
    form = page.get_by_role("group", name="Predict What is")
    said = form.get_by_role("status")
    form.get_by_role("button", name="Check").press("Enter")
    assert said.inner_text() == "Choose an answer first."
    wrong, right = form.get_by_role("radio").all()
    wrong.focus()
    page.keyboard.press("Space")
    form.get_by_role("button", name="Check").press("Enter")
    assert said.inner_text().startswith("No. Not ") and page.url == question
    wrong.press("ArrowDown")
    assert right.is_checked()
    form.get_by_role("button", name="Check").press("Space")
    assert said.inner_text().split() == ["Right.", "It", "is", "1.", "Look", "again."]
    assert not form.get_by_text("Answer", exact=True).is_visible(), "the fold would give it away"


def test_without_a_script_and_on_paper_the_answers_can_be_read(browser, page, question):
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(question)
        form = plain.locator("form.self-check")
        assert form.get_by_role("radio").count() == form.get_by_role("button").count() == 0, "nothing that does nothing"
        form.get_by_text("Answer", exact=True).click()
        assert form.get_by_text("Look again.").is_visible()
    page.goto(question)
    page.emulate_media(media="print")
    form = page.locator("form.self-check")
    assert form.get_by_text("Look again.").is_visible() and not form.get_by_text("Check", exact=True).is_visible()


def test_a_malformed_question_fails_the_build(book):
    book.page("\n\n".join(f"```{{self-check}}\n{text}\n```" for text in MALFORMED.values()))
    result = build(book.folder)
    assert result.returncode != 0
    told = [line for line in result.stdout.splitlines() if "{self-check}: it needs a question" in line and "page.md" in line]
    assert len(told) == len(MALFORMED), result.stdout


@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_asks_for_a_prediction_and_for_what_was_understood(page):
    titles = [title for title, _ in questions(page)]
    assert 2 <= len(titles) <= 3 or page == "start-here", f"{page} has {len(titles)} self-check questions"
    assert "Predict" in titles, f"{page}: no prediction to commit to before the page shows the answer"


@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_has_exercises_with_a_solution_each(page):
    text = page_path(page).read_text(encoding="utf-8")
    exercises = re.findall(r"^```\{exercise\}.*\n:label: (\S+)", text, re.MULTILINE)
    solutions = re.findall(r"^```\{solution-start\} (\S+)\n:class: dropdown", text, re.MULTILINE)
    fewest, most = (0, 0) if page == "start-here" else (1, 2) if page.startswith("questions/") else (2, 4)
    assert fewest <= len(exercises) <= most, f"{page} has {len(exercises)} exercises"
    assert solutions == exercises


def test_the_right_answer_does_not_give_itself_away_by_its_place():
    places = Counter()
    for page in LESSONS:
        for _, text in questions(page):
            places[re.findall(r"^- \[([ x])\]", text, re.MULTILINE).index("x")] += 1
    assert max(places.values()) <= 0.5 * sum(places.values()), places
