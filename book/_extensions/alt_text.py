"""Every picture has a text that says what is seen: one without it is a warning, which fails the build.

A picture made by a cell takes its text from the cell's header, `mystnb: {image: {alt: …}}`. Without one, the
file's name would end up there, and checkers would accept it.
"""

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
SHORTEST = 20  # characters; "a plot" says nothing


def check(app, doctree):
    """Warn of every picture of the page whose alt text is absent, its file's name, or too short to say anything."""
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "").strip()
        if len(alt) < SHORTEST or alt in image["uri"]:
            logger.warning("a picture has no alt text that tells what is seen: %r", alt or image["uri"], location=image)


def setup(app):
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
