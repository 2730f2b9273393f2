"""No page shows where the machine that built it keeps its files.

A traceback names the files of the libraries that it passes through, by their full path. On the page and in the
notebooks only what follows site-packages (or the standard library's folder) is left.
"""

import re

from docutils import nodes

LIBRARY = re.compile(r"/[^\s\x1b'\"]*/lib/python3\.\d+/(?:site-packages/)?")
KERNEL_FILE = re.compile(r"/[^\s\x1b'\"]*/ipykernel_\d+/\d+\.py")


def shorten(text):
    """Return text with the paths of this machine shortened."""
    return KERNEL_FILE.sub("…/cell.py", LIBRARY.sub("…/", text))


def shorten_page(app, doctree):
    """Shorten the paths in the outputs of a page."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext()
        if shorten(text) != text:
            block.children = []
            block += nodes.Text(shorten(text))
            block.rawsource = shorten(text)


def setup(app):
    app.connect("doctree-read", shorten_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
