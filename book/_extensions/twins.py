"""The builder `twins`: every page as an executed Jupyter notebook in notebooks/, for Binder, Colab, GitHub and nbval.

Cells and outputs are those of the executed page. The prose is what Sphinx made of it, so that references,
citations and numbers are resolved and no MyST directive is left; sphinx-markdown-builder writes it as Markdown.
`make notebooks` runs it.
"""

import json
import os
import re
from pathlib import Path

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playable import PLAYABLE
from repository import repository_url
from sphinx.errors import SphinxError
from sphinx_markdown_builder.builder import MarkdownBuilder
from sphinx_markdown_builder.contexts import IndentContext, SubContextParams
from sphinx_markdown_builder.translator import MarkdownTranslator
from tracebacks import shorten

FOLDED = {"hide-input", "hide-cell"}
CELL = re.compile(r"\n*\x02cell (\d+)\x03\n*")
D2L = "d2l==1.0.3"  # without its dependencies: its pins replace what is there, or fail
FETCH = """\
# Opened on its own (Colab, a download), this notebook first fetches what is missing; elsewhere this cell does nothing.
{stops}from importlib.util import find_spec

if not find_spec("linear_regression"):
    {fetch}
if not find_spec("d2l"):
    %pip install -q --no-deps {d2l}"""
FROM_GIT = """\
%pip install -q "linear-regression-course[d2l] @ git+{source}#subdirectory=code"
    if not find_spec("linear_regression"):
        raise ModuleNotFoundError("the course's code could not be fetched; pip says above why")"""
FROM_NOWHERE = """\
raise ModuleNotFoundError(
        "linear_regression is not installed here, and this copy does not know where it is kept. Get the course's "
        "folder, run `pip install './code[d2l]'` in it, then restart the kernel."
    )"""
IN_THE_PAGE = "*In the course's published pages this figure has controls, and answers to your hand.*"
STOPS = """\
# Some cells fail on purpose. JupyterLab's "Run All Cells" goes on after them. Where it stops, as Colab may, choose the
# next cell and run on from there (in Colab: Runtime, Run cell and below).
"""


def fetching_cell(source, stops=False):
    """Return a twin's first code cell, for the repository address `source` (None: not known); `stops`: a cell fails on purpose.

    Everything but d2l comes with the dependencies that are missing. Their lower bounds leave a host's torch and numpy as they are.
    """
    fetch = FROM_GIT.format(source=source) if source else FROM_NOWHERE
    return FETCH.format(fetch=fetch, d2l=D2L, stops=STOPS if stops else "")


class TwinTranslator(MarkdownTranslator):
    """Write a page as the Markdown that plain Jupyter, GitHub and Colab read, with a mark where each code cell stands."""

    def numbered(self, kind, node):
        """Return the number that the site shows for an equation or exercise, such as 3.1."""
        numbers = self.builder.env.toc_fignumbers[self.builder.current_doc_name][kind]
        return ".".join(map(str, numbers[node["ids"][0]]))

    def visit_container(self, node):
        if node.get("nb_element") == "cell_code":
            self.add(f"\x02cell {node['cell_index']}\x03", prefix_eol=2, suffix_eol=2)
            raise nodes.SkipNode

    def visit_Text(self, node):
        if not self.status.escape_text:
            return super().visit_Text(node)
        self.add(node.astext().replace("\n", " ").replace("\\", "\\\\").replace("$", "\\$").replace("*", "\\*").replace("`", "\\`"))

    def visit_math_block(self, node):
        number = f" \\tag{{{self.numbered('displaymath', node)}}}" if node.get("number") else ""
        self.add(f"$$\n{node.astext().strip()}{number}\n$$", prefix_eol=2, suffix_eol=2)
        raise nodes.SkipNode

    def visit_admonition(self, node):
        self._push_context(IndentContext("> ", empty=True, params=SubContextParams(2, 2)))

    def depart_admonition(self, node):
        self._pop_context()

    def _push_box(self, title):
        self._push_context(IndentContext("> ", empty=True, params=SubContextParams(2, 2)))
        self.add(f"**{title.capitalize()}**", suffix_eol=2)

    def visit_title(self, node):
        if not isinstance(node.parent, nodes.Admonition):
            return super().visit_title(node)
        self.add("**", prefix_eol=1)

    def depart_title(self, node):
        if not isinstance(node.parent, nodes.Admonition):
            return self._pop_context()
        self.add("**", suffix_eol=2)

    def visit_exercise_enumerable_node(self, node):
        title = "".join(child.astext() for child in node.findall(nodes.title))
        self.add(f"#### Exercise {self.numbered('exercise', node)}{title}", prefix_eol=2, suffix_eol=2)
        node.children = [child for child in node.children if not isinstance(child, nodes.title)]

    def visit_solution_node(self, node):
        title = node.next_node(nodes.title)
        self.add("#### " + " ".join(title.astext().split()), prefix_eol=2, suffix_eol=2)
        node.remove(title)

    def visit_self_check_legend(self, node):
        self._push_context(IndentContext("> ", empty=True, params=SubContextParams(2, 2)))
        self.add(f"**{node['title']}.** ")

    def visit_self_check_answers(self, node):
        self._start_list("-")

    def visit_self_check_answer(self, node):
        self._start_list_item()
        self.add(f"**{node['letter']}.** ")

    def visit_self_check_key(self, node):
        self.add("<details><summary>Answer</summary>", prefix_eol=2, suffix_eol=2)
        self._start_list("-")

    def visit_self_check_feedback(self, node):
        node[0].insert(0, nodes.Text(f"{node['letter']}. "))
        self._start_list_item()

    def depart_self_check_key(self, node):
        self._end_list()
        self.add("</details>", prefix_eol=2, suffix_eol=2)

    depart_self_check_legend = depart_self_check_answer = depart_self_check_feedback = MarkdownTranslator._pop_context
    depart_self_check_answers = MarkdownTranslator._end_list

    def visit_self_check(self, node):
        pass

    depart_self_check = visit_self_check

    def visit_reference(self, node):
        """Link where the builder says; a link within the page would need ids that notebooks do not have."""
        target = node.get("refuri", "")
        if target and node.get("internal"):
            target = self.builder.link(target)
        self.add("[" if target else "")
        node["target"] = target

    def depart_reference(self, node):
        self.add(f"]({node['target']})" if node["target"] else "")

    def visit_image(self, node):
        raise SphinxError(f"{self.builder.current_doc_name}: a picture of its own cannot stand in a twin; let a cell draw it")

    def visit_target(self, node):
        raise nodes.SkipNode

    visit_comment = visit_raw = visit_target

    def visit_citation(self, node):
        self.add(f"**[{node.next_node(nodes.label).astext()}]** ", prefix_eol=2)
        node.remove(node.next_node(nodes.label))


class TwinBuilder(MarkdownBuilder):
    """Write notebooks/<page>.ipynb for every book/<page>.md, and remove the twins of pages that are gone."""

    name = "twins"
    epilog = "The notebooks are in notebooks/."
    default_translator_class = TwinTranslator
    out_suffix = ".ipynb"

    def init(self):
        super().init()
        self.root = Path(self.srcdir)
        self.source = repository_url(self.root)

    def get_outdated_docs(self):
        return self.env.found_docs

    def get_target_uri(self, docname, typ=None):
        return docname + ".ipynb"

    def prepare_writing(self, docnames):
        super().prepare_writing(docnames)
        self.written = set()

    def link(self, target):
        """Return where a twin's link to another page leads: to that page's twin. The index has none."""
        return target.split("#")[0] if "genindex" not in target else ""

    def write_doc(self, docname, doctree):
        self.current_doc_name = docname
        translator = self.create_translator(doctree, self)
        doctree.walkabout(translator)
        twin = self.root / notebook_name(docname)
        twin.parent.mkdir(parents=True, exist_ok=True)
        notebook = self.notebook(docname, CELL.split(translator.astext()))
        temporary = twin.with_suffix(".part")  # a twin is whole or as it was
        temporary.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        os.replace(temporary, twin)
        self.written.add(twin)

    def notebook(self, docname, pieces):
        """Return the twin of a page, given its Markdown in pieces, with the numbers of the cells between them."""
        cells = self.executed_cells(docname) if len(pieces) > 1 else []
        twin = new_notebook(metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}})
        for place, piece in enumerate(pieces):
            if place % 2 == 0 and piece.strip():
                twin.cells.append(new_markdown_cell(piece.strip()))
            elif place % 2:
                if place == 1:
                    twin.cells.append(new_code_cell(fetching_cell(self.source, any(map(fails, cells)))))
                cell = cells[int(piece)]
                twin.cells.append(code_cell(cell))
                if any(PLAYABLE in output.get("data", {}) for output in cell["outputs"]):
                    twin.cells.append(new_markdown_cell(IN_THE_PAGE))
        number(twin)
        return twin

    def executed_cells(self, docname):
        """Return the cells of a page with their outputs; myst-nb's own copy has none where they come from the cache."""
        page = nbformat.read(Path(self.outdir).parent / "jupyter_execute" / (docname + ".ipynb"), as_version=4)
        _, executed = get_cache(self.config.nb_execution_cache_path).merge_match_into_notebook(page)
        return executed.cells

    def finish(self):
        for path in sorted((self.root / "notebooks").rglob("*.ipynb")):
            if path not in self.written and ".ipynb_checkpoints" not in path.parts:
                path.unlink()


def notebook_name(docname):
    """Return the path of a page's notebook, below the repository's root and below the site's."""
    return f"notebooks/{docname.removeprefix('book/')}.ipynb"


def fails(cell):
    return "raises-exception" in cell["metadata"].get("tags", [])


def code_cell(cell):
    """Return an executed cell as it stands in a twin: its tags, its source, its outputs without this machine's paths."""
    tags = cell["metadata"].get("tags", [])
    metadata = {"tags": tags} if tags else {}
    if FOLDED & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    outputs = shorten_texts(json.loads(json.dumps(cell["outputs"])))  # plain lists and dicts
    return new_code_cell("".join(cell["source"]), metadata=metadata, outputs=nbformat.from_dict(merge_streams(outputs)))


def merge_streams(outputs):
    """Return outputs with neighbouring pieces of one stream joined: the kernel splits what a cell prints at random."""
    merged = []
    for output in outputs:
        if merged and output["output_type"] == "stream" == merged[-1]["output_type"] and output["name"] == merged[-1]["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def shorten_texts(item):
    """Return what a JSON object or list holds with the paths in its texts shortened, pictures aside."""
    if isinstance(item, dict):
        return {key: value if key.startswith("image/") else shorten_texts(value) for key, value in item.items()}
    if isinstance(item, list):
        return [shorten_texts(value) for value in item]
    return shorten(item) if isinstance(item, str) else item


def number(notebook):
    """Give every cell an id that stays from run to run; count the page's own cells from 1, as their tracebacks do."""
    count = 0
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
        if cell.cell_type == "code":
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
            count += 1


def name_an_output(app, config):
    """Tell myst-nb which form of an output this builder takes: any, since it takes outputs from the executed page."""
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, ("twins", "text/plain", 1)]


def setup(app):
    app.setup_extension("sphinx_markdown_builder")
    app.connect("config-inited", name_an_output)
    app.add_builder(TwinBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
