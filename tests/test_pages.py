"""A function that a page defines is the one in code/, and the rules of the house hold."""

import ast
import pkgutil
from pathlib import Path

import pytest
from book import ROOT, code_cells, pages

import linear_regression

TAUGHT = {"synthetic_data", "data_iter", "linreg", "squared_loss", "sgd"}


def bare(function):
    """Return the text of a function's syntax tree without its docstring and annotations."""
    function = ast.parse(ast.unparse(function)).body[0]
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(function)


def functions(source):
    return {node.name: bare(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def in_code():
    """Return {name: the bare functions of that name} of the public functions of linear_regression."""
    found = {}
    for module in pkgutil.iter_modules(linear_regression.__path__):
        source = Path(module.module_finder.path, f"{module.name}.py").read_text()
        for name, function in functions(source).items():
            if not name.startswith("_"):
                found.setdefault(name, set()).add(function)
    return found


def defined(page):
    """Return [(name, bare function)] of what a page's cells define at their top level."""
    found = []
    for source, _ in code_cells(page):
        plain = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
        try:
            found += functions(plain).items()
        except SyntaxError:  # a lesson may show one; such a cell defines nothing
            continue
    return found


@pytest.mark.parametrize("page", pages())
def test_a_function_that_a_page_defines_is_the_one_in_code(page):
    code = in_code()
    for name, function in defined(page):
        assert name not in code or function in code[name], f"{page} defines {name} otherwise than code/linear_regression"


def test_every_function_that_the_lessons_teach_is_defined_in_one():
    assert TAUGHT <= {name for page in pages() for name, _ in defined(page)}


def test_no_module_hides_pythons_own_module_code():
    assert not (ROOT / "code" / "__init__.py").exists()


def test_the_configuration_stays_under_60_lines():
    assert len((ROOT / "_config.yml").read_text().splitlines()) < 60


def test_no_cell_reaches_for_sys_path_or_pip():
    for page in pages():
        for source, _ in code_cells(page):
            assert "sys.path" not in source and "pip install" not in source, f"{page}: {source}"


def test_a_cell_fits_the_column_that_shows_it():
    for page in pages():
        for source, _ in code_cells(page):
            assert not (long := [line for line in source.splitlines() if len(line) > 76]), f"{page}: {long}"
