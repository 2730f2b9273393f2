"""Formulas are set by KaTeX while the book is built: the pages carry HTML and MathML, and no script has anything left to do.

One node process (maths.js) answers for all formulas. What it refuses, an unknown macro for one, is a warning with page and
line, which fails the build. Every formula also has a line of plain text, for titles in menus, the search index, link texts.
Macros are named in _config.yml, as sphinx: config: katex_macros: {"\\RR": "\\mathbb{R}"}.
"""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import maths_style
from docutils import nodes
from sphinx.builders.html._assets import _CascadingStyleSheet
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from third_party import NODE, fetch

logger = logging.getLogger(__name__)
SCROLLS = "formula pst-scrollable-table-container"  # what the theme's script makes reachable by keyboard where it is too wide
INNERMOST = re.compile(r"\\begin\{([^{}]+)\}(?:(?!\\begin\{).)*?\\end\{\1\}", re.DOTALL)
NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|alignat|gather)\}")


class Katex:
    """KaTeX in a node process of its own, started with the first question; asked about a formula twice, it answers once."""

    def __init__(self, package, macros):
        self.package, self.macros = package, macros
        self.process, self.owner, self.known = None, None, {}

    def __call__(self, tex, display):
        """Return {"html", "text", "glyphs"} of a formula, or {"error"}."""
        if (tex, display) not in self.known:
            self.known[tex, display] = self.ask({"tex": tex, "display": display, "macros": self.macros})
        return self.known[tex, display]

    def ask(self, question):
        if self.owner != os.getpid():  # a forked builder needs a process that is not shared
            command = [NODE, str(Path(__file__).with_name("maths.js")), str(self.package)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
            self.owner = os.getpid()
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise ExtensionError(f"maths.js broke off, see above; it was asked about {question['tex']!r}")
        return json.loads(answer)


def start(app, config):
    """Prepare KaTeX; another version of it, or other macros, have every page read again."""
    package = fetch(app.srcdir) / "katex"
    app.katex = Katex(package, config.katex_macros)
    scripts = (Path(__file__).with_name(name).read_bytes() for name in ("maths.js", "maths_lean.js"))
    engine = b"".join([(package / "package.json").read_bytes(), *scripts])
    config.maths_engine = hashlib.sha256(engine).hexdigest()[:16]


def stop(app, exception):
    if app.katex.owner == os.getpid():
        app.katex.process.communicate()


def formulas(doctree):
    return doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block)))


def answer_for(app, node):
    """Return what KaTeX says of a node that has been read (see PlainText)."""
    display = isinstance(node, nodes.math_block)
    return app.katex(display_tex(node["tex"], node.get("nowrap")) if display else node["tex"], display)


def display_tex(text, environment):
    """Return the TeX of a displayed formula: paragraphs and lines aligned as Sphinx does it; numbers are Sphinx's alone."""
    if environment:  # of amsmath, complete
        return NUMBERED.sub(r"\\\1{\2*}", text)
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{part}\end{{split}}" if has_lines(part) else part for part in parts]
    return parts[0] if len(parts) == 1 else r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"


def has_lines(part):
    """Tell whether the formula has lines or columns outside of all environments."""
    while (shorter := INNERMOST.sub("", part)) != part:
        part = shorter
    return r"\\" in part or "&" in part.replace(r"\&", "")


class PlainText(SphinxTransform):
    """Move the TeX of each formula to an attribute; leave its plain text in its place, where titles and the index find it."""

    default_priority = 700  # before Sphinx collects labels and titles

    def apply(self, **kwargs):
        for node in formulas(self.document):
            read(self.app, node, self.env.docname)


def read(app, node, docname):
    node["tex"] = node.astext()
    answer = answer_for(app, node)
    node.children = []
    node += nodes.Text(answer.get("text", node["tex"]))
    maths_style.note(app.env, docname, answer.get("glyphs", {}))


def resolve(app, doctree, docname):
    """On a page of the site, mark its formulas as to be set, and warn of those that cannot be; elsewhere, give the TeX back."""
    for node in formulas(doctree):
        if "tex" not in node:  # one that only now came in, with a glued output
            read(app, node, docname)
            maths_style.write(app, app.env)
        if app.builder.format != "html":
            node.children = []
            node += nodes.Text(node["tex"])
            continue
        node["typeset"] = True
        error = answer_for(app, node).get("error")
        if error:
            logger.warning("a formula that cannot be set: %s: %s", error, node["tex"].strip(), location=placed(node))


def placed(node):
    """Return the nearest node around this one that knows its line."""
    while node.line is None and node.parent is not None:
        node = node.parent
    return node


def html(translator, node):
    """Return a formula as the page shows it; where a title is repeated, in a menu or on another page, its plain text."""
    if not node.get("typeset"):
        return translator.encode(node.astext())
    return answer_for(translator.builder.app, node).get("html") or f"<code>{translator.encode(node['tex'])}</code>"


def visit_math(self, node):
    kind = "math katex" if node.get("typeset") else "math"
    self.body.append(self.starttag(node, "span", "", CLASS=f"{kind} notranslate nohighlight") + html(self, node) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    self.body.append(f'<div class="{SCROLLS}">{html(self, node)}</div>')
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def link(app, pagename, templatename, context, doctree):
    """Only a page with formulas loads their stylesheet and fonts."""
    if doctree is not None and any(node.get("typeset") for node in formulas(doctree)):
        context["css_files"] = [*context["css_files"], _CascadingStyleSheet(f"_static/{maths_style.NAME}")]
        context["metatags"] += maths_style.preloads(app, pagename, context["pathto"])


def setup(app):
    app.add_config_value("katex_macros", {}, "env", dict)
    app.add_config_value("maths_engine", "", "env", str)
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.add_transform(PlainText)
    app.connect("config-inited", start)
    app.connect("env-purge-doc", maths_style.forget)
    app.connect("env-merge-info", maths_style.merge)
    app.connect("env-updated", maths_style.write)
    app.connect("doctree-resolved", resolve)
    app.connect("html-page-context", link, priority=950)  # after stylesheet.py has joined all others in one
    app.connect("build-finished", stop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
