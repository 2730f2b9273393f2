"""What several tests ask of the book: its pages, their cells, and a strict build of a book in a folder of its own."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml
from myst_nb.core.read import read_myst_markdown_notebook

ROOT = Path(__file__).resolve().parent.parent
BUILD = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
STRICT = shlex.split(re.search(r"^STRICT := (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1])
HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""


def pages():
    """Return the names of the pages in _toc.yml, such as scratch/dataset, in their order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    files = [toc["root"]] + [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [file.removeprefix("book/") for file in files]


HTML_PAGES = [f"book/{page}.html" for page in pages()] + ["index.html", "genindex.html", "search.html", "404.html"]


def page_path(page):
    return ROOT / "book" / f"{page}.md"


def figure_page(name):
    """Return the name of the page on which a figure that answers stands."""
    [page] = [page for page in pages() if re.search(rf'show_playable\(\s*"{name}"', page_path(page).read_text(encoding="utf-8"))]
    return page


def twin_path(page):
    return ROOT / "notebooks" / f"{page}.ipynb"


def code_cells(page):
    """Return the code cells of a page as (source, tags), in their order."""
    text = page_path(page).read_text(encoding="utf-8")
    if not text.startswith("---"):  # plain Markdown, without the header of a notebook
        return []
    notebook = read_myst_markdown_notebook(text, config=None, add_source_map=False)
    return [(cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells if cell.cell_type == "code"]


def cell(code, header=""):
    """Return the Markdown of a code cell."""
    return f"```{{code-cell}} ipython3\n{header}{code}\n```\n"


def build(folder, *extra, strict=True):
    """Build the book in `folder` as the Makefile does; return the finished process, both its outputs in .stdout."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "code"), "NO_COLOR": "1"}
    return subprocess.run(
        [*BUILD, *(STRICT if strict else []), *extra],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
