"""notebooks/ holds an executed twin of every page: the same cells and tags, outputs stored, plain Markdown, no path of a machine."""

import importlib.util
import re
from types import SimpleNamespace

import nbformat
import pytest
from book import ROOT, code_cells, page_path, pages, twin_path
from IPython.core.inputtransformer2 import TransformerManager
from twins import fetching_cell

MYST = re.compile(r"^\s*(?:```+|:::+)\{|\{[a-z:-]+\}`|^\([\w-]+\)=$|\[\]\(", re.MULTILINE)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"/(?:home|root|Users|tmp|work|runner)/")


@pytest.fixture(params=pages())
def page(request):
    return request.param


def twin(page):
    assert twin_path(page).exists(), f"no twin of {page_path(page).name}: run `make notebooks`"
    return nbformat.read(twin_path(page), as_version=4)


def own_cells(notebook):
    """Return the code cells of a twin without the first, which installs what is missing."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"][1:]


def test_a_twin_has_the_cells_and_tags_of_its_page(page):
    cells = [(cell.source, cell.metadata.get("tags", [])) for cell in own_cells(twin(page))]
    assert cells == code_cells(page), f"{page} was changed after its twin was made: run `make notebooks`"


def test_a_twin_was_executed(page):
    cells = own_cells(twin(page))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not cells or any(cell.outputs for cell in cells)


def test_a_twin_begins_by_fetching_what_is_missing(page):
    notebook = twin(page)
    stops = any("raises-exception" in cell.metadata.get("tags", []) for cell in notebook.cells)
    for cell in [cell for cell in notebook.cells if cell.cell_type == "code"][:1]:
        source = re.search(r"git\+(https://github\.com/[\w.-]+/[\w.-]+)#", cell.source)
        assert cell.source == fetching_cell(source and source[1], stops)


def test_a_twin_is_plain_markdown(page):
    for cell in twin(page).cells:
        if cell.cell_type == "markdown":
            assert not (found := MYST.search(cell.source)), f"{page}: {found and found[0]!r} is left in:\n{cell.source}"


def test_a_twins_links_lead_somewhere(page):
    for cell in twin(page).cells:
        for target in LINK.findall(cell.source) if cell.cell_type == "markdown" else ():
            if not target.startswith(("http://", "https://")):
                assert (twin_path(page).parent / target).exists(), f"{page}: {target}"


def test_a_twin_tells_no_path_of_a_machine(page):
    assert not (found := MACHINE.search(twin_path(page).read_text(encoding="utf-8"))), found


def test_every_twin_has_a_page():
    twins = {path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert twins == {twin_path(page) for page in pages()}


@pytest.fixture
def first_cell(monkeypatch):
    """Run a twin's first cell where only some packages are there; return the commands that it would have run."""

    def run(source, there, fetched=()):
        ran, there = [], set(there)

        def magic(name, line):
            ran.append(f"%{name} {line}")
            there.update(fetched)

        monkeypatch.setattr(importlib.util, "find_spec", lambda name: name in there or None)
        shell = SimpleNamespace(run_line_magic=magic)
        exec(TransformerManager().transform_cell(fetching_cell(source)), {"get_ipython": lambda: shell})
        return ran

    return run


ALL = {"linear_regression", "d2l"}


@pytest.mark.parametrize("source", [None, "https://github.com/OWNER/NAME"])
def test_the_first_cell_does_nothing_where_nothing_is_missing(first_cell, source):
    assert first_cell(source, ALL) == []
    assert first_cell(source, {"linear_regression"}) == ["%pip install -q --no-deps d2l==1.0.3"]


def test_the_first_cell_fetches_what_is_missing(first_cell):
    code = '%pip install -q "linear-regression-course[d2l] @ git+https://github.com/OWNER/NAME@spring/2#subdirectory=code"'
    assert first_cell("https://github.com/OWNER/NAME@spring/2", {"d2l"}, ALL) == [code]


def test_the_first_cell_says_in_words_what_it_cannot_do(first_cell):
    with pytest.raises(ModuleNotFoundError, match="does not know where it is kept.*pip install './code"):
        first_cell(None, ())
    with pytest.raises(ModuleNotFoundError, match="could not be fetched; pip says above why"):
        first_cell("https://github.com/OWNER/NAME", ())
