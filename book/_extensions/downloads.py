"""Every page of the site offers its executed notebook: notebooks/<page>.ipynb, made whenever the page is, so never older.

It is the page's twin, for a reader who has this one file: links lead to the published site, and where its
address is not known, they are their text alone.
"""

import re
from urllib.parse import urljoin

from docutils import nodes
from repository import branch
from sphinx import addnodes
from twins import TwinBuilder

PLAIN = re.compile(r"[A-Za-z0-9_./-]+")  # a branch that pip and the shell take as it is; else the repository's main one


class Downloads(TwinBuilder):
    """Write twins into the site, out of the pages as the site's own builder has resolved them."""

    def init(self):
        super().init()
        self.root = self.outdir
        self.written = set()
        name = branch(self.srcdir)
        if self.source and PLAIN.fullmatch(name):
            self.source += f"@{name}"

    def link(self, target):
        site = self.config.html_baseurl
        return urljoin(site + self.app.builder.get_target_uri(self.current_doc_name), target) if site else ""


def write(app, doctree, docname):
    """Write the notebook of a page, from a copy: what the site does to a page next does not suit a notebook."""
    if app.builder.name != "html":
        return
    if not hasattr(app, "course_downloads"):
        app.course_downloads = Downloads(app, app.env)
        app.course_downloads.init()
    app.course_downloads.write_doc(docname, plain(doctree.deepcopy()))


def plain(doctree):
    """Return a page with the TeX of its formulas in its place (maths.py), without its menus."""
    for node in doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block)) and "tex" in node):
        node.children = [nodes.Text(node["tex"])]
    for node in list(doctree.findall(addnodes.toctree)):
        node.parent.remove(node)
    return doctree


def setup(app):
    app.setup_extension("twins")
    app.connect("doctree-resolved", write, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
