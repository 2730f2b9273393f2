"""A traceback shows the reader's own lines; of the libraries that it passes through it names the file and function.

IPython prints ten lines of every library's source, and the full paths of the machine that built the page. On the
page and in the notebooks a library's frame is its first line, and a path what follows site-packages.
"""

import re

from docutils import nodes

LIBRARY = re.compile(r"/[^\s\x1b'\"]*/(?:lib/python3\.\d+/(?:site-packages/)?|code/(?=linear_regression/))")
KERNEL_FILE = re.compile(r"/[^\s\x1b'\"]*/ipykernel_\d+/\d+\.py")
LIBRARY_FRAME = re.compile(r"^((?:\x1b\[[\d;]*m)*File (?:\x1b\[[\d;]*m)*…/.*\n)(?:.+\n?)+", re.MULTILINE)
NAMELESS_FRAME = re.compile(r"^((?:\x1b\[[\d;]*m)*File (?:\x1b\[[\d;]*m)*…/[^\s,]*:\d+(?:\x1b\[[\d;]*m)*)$", re.MULTILINE)


def shorten(text):
    """Return text with the paths of this machine, and the frames of libraries, shortened."""
    text = KERNEL_FILE.sub("…/cell.py", LIBRARY.sub("…/", text))
    text = LIBRARY_FRAME.sub(r"\1", text)
    return NAMELESS_FRAME.sub(r"\1, in <module>", text)  # the highlighter fails on a frame without a name


def shorten_page(app, doctree):
    """Shorten the tracebacks, and paths in other outputs, of a page."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext()
        if shorten(text) != text:
            block.children = []
            block += nodes.Text(shorten(text))
            block.rawsource = shorten(text)


def setup(app):
    app.connect("doctree-read", shorten_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
