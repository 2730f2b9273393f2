"""The build fails where it should and says where; outputs follow code/. Each test builds a small book with the real configuration."""

import nbformat
import pytest
from book import build, cell

PLOT = "import matplotlib.pyplot as plt\nfrom linear_regression.figures import set_figsize\nset_figsize()\nplt.plot([0, 1])\nplt.show()"
ALT = '---\nmystnb: {image: {alt: "A straight line that rises from 0 to 1."}}\n---\n'


def test_outputs_follow_the_code_that_they_come_from(book):
    book.page(cell("from stand_in import answer\nprint('answer', answer())"))
    first = build(book.folder)
    assert first.returncode == 0 and "answer 41" in book.html(), first.stdout
    book.code.write_text("def answer():\n    return 42\n")
    second = build(book.folder)
    assert second.returncode == 0 and "answer 42" in book.html() and "answer 41" not in book.html(), second.stdout


def test_a_stylesheet_or_script_that_alone_was_changed_shows(book):
    book.page("A page.")
    assert build(book.folder).returncode == 0
    ours, built = book.folder / "book" / "_static", book.folder / "_build" / "html" / "_static"
    for name, where, was, new in (
        ("course.css", "site.css", "0.82rem", ".77rem"),
        ("self_check.js", "self_check.js", "Choose an answer first.", "Choose one."),
        ("playable/board.js", "playable/board.js", "playable-board", "playable-table"),
    ):
        (ours / name).write_text((ours / name).read_text().replace(was, new))
        assert build(book.folder).returncode == 0
        assert new in (built / where).read_text(), name


@pytest.mark.parametrize("strict", [True, False], ids=["make book", "jupyter-book build ."])
def test_a_failing_cell_fails_the_build_and_is_named(book, strict):
    book.page("Fine.\n\n" + cell("one = 1") + "\n" + cell("one / 0"))
    result = build(book.folder, strict=strict)
    assert result.returncode != 0
    assert "book/page.md" in result.stdout and "one / 0" in result.stdout and "ZeroDivisionError" in result.stdout


FAULTS = {
    "[gone](gone.md)": "gone.md",
    "See {eq}`eq-nowhere`.": "eq-nowhere",
    "{cite}`nobody`": "nobody",
    "{ref}`nowhere`": "nowhere",
    "Loss {out}`0.34`.": "0.34",
    cell("print(1 / 3)\n" + PLOT): ".svg",  # no alt text: its file's name would stand there
    cell(PLOT, '---\nmystnb: {image: {alt: "A plot"}}\n---\n'): "'A plot'",
}


def test_every_fault_is_a_warning_that_fails_the_build_and_the_next_one(book):
    book.page("\n\n".join(FAULTS))
    for _ in range(2):  # Sphinx by itself forgets its warnings
        result = build(book.folder)
        assert result.returncode != 0
        warnings = [line for line in result.stdout.splitlines() if "page.md" in line and "WARNING" in line]
        for says in FAULTS.values():
            assert any(says in warning for warning in warnings), (says, warnings)


EVERYTHING = f"""\
A formula $x$, a price of \\$5, {{cite}}`d2l`, {{eq}}`eq-one`, [start](index.md), and the third {{out}}`0.33`.

```{{math}}
:label: eq-one
a = b
```

```{{admonition}} Predict
:class: hint
What is a third?

- a half
- less
```

{cell("import time; print(1 / 3, flush=True); time.sleep(0.3); print('and on')")}
{cell("import json; json.loads('{')", ":tags: [raises-exception]" + chr(10))}
{cell(PLOT, ALT)}
```{{exercise}}
:label: ex-one

Halve $x$.
```

```{{solution-start}} ex-one
:class: dropdown
```

It is:

{cell("0.5")}
```{{solution-end}}
```

## Sources

Here.
"""

TWIN = r"""
A formula $x$, a price of \$5, [[ZLLS23](bibliography.ipynb)], (1.1), [start](index.ipynb), and the third 0.33.

$$
a = b \tag{1.1}
$$

> **Predict**
>
> What is a third?
>
> - a half
> - less
%%
%%
%%
%%
#### Exercise 1.1

Halve $x$.

#### Solution to Exercise 1.1

It is:
%%
## Sources

Here.
"""


def test_a_page_and_its_twin_hold_everything_that_a_page_may_hold(book):
    book.page(EVERYTHING)
    site = build(book.folder)
    assert site.returncode == 0, site.stdout
    assert str(book.folder) not in book.html() and "site-packages" not in book.html()
    twins = build(book.folder, "--builder", "custom", "--custom-builder", "twins")
    assert twins.returncode == 0, twins.stdout
    notebook = nbformat.read(book.folder / "notebooks" / "page.ipynb", as_version=4)
    nbformat.validate(notebook)
    prose = "\n%%\n".join(cell.source if cell.cell_type == "markdown" else "" for cell in notebook.cells)
    lines = [line.rstrip() for line in prose.split("%%") if line.strip()]
    expected = [line.strip() for line in TWIN.split("%%") if line.strip()]
    assert [line.strip().replace("> \n", ">\n").removeprefix("# Page\n\n") for line in lines] == expected
    install, third, error, plot, half = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [output.text for output in third.outputs] == ["0.3333333333333333\nand on\n"], "one stream, one output"
    assert error.metadata.tags == ["raises-exception"] and error.outputs[0].ename == "JSONDecodeError"
    assert {"image/svg+xml", "image/png"} < set(plot.outputs[0].data), "the site takes the SVG, JupyterLab the PNG"
    assert half.outputs[0].data["text/plain"] == "0.5"


def test_the_book_itself_builds(built_site):
    assert (built_site / "book" / "index.html").is_file()
