"""notebooks/ holds an executed twin of every page: the same cells and tags, outputs stored, plain Markdown, no path of a machine."""

import re

import nbformat
import pytest
from book import ROOT, code_cells, page_path, pages, twin_path
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
