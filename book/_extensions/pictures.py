"""A picture has its size in the page, so that nothing moves when it arrives, and comes when it is about to be seen."""

import re
from pathlib import Path

from docutils import nodes

TAG = re.compile(r"<svg\s[^>]*>")
LENGTH = r'\b{}="([\d.]+)(pt|px|)"'
PIXELS = {"pt": 4 / 3, "px": 1, "": 1}


def svg_size(text):
    """Return the width and height of an SVG file in whole CSS pixels, or None where it states none."""
    tag = TAG.search(text)
    found = [re.search(LENGTH.format(side), tag[0]) for side in ("width", "height")] if tag else [None]
    return [round(float(match[1]) * PIXELS[match[2]]) for match in found] if all(found) else None


def visit_image(self, node):
    """Write an image as Sphinx does, with its size and `loading`."""
    path = Path(self.builder.srcdir, node["uri"])
    size = svg_size(path.read_text(encoding="utf-8")) if path.suffix == ".svg" and path.is_file() and "width" not in node else None
    type(self).visit_image(self, node)
    attributes = 'width="{}" height="{}" '.format(*size) if size else ""  # docutils would write a style, which no stylesheet can bend
    self.body[-1] = self.body[-1].replace("<img ", f'<img {attributes}loading="lazy" decoding="async" ', 1)


def depart_image(self, node):
    type(self).depart_image(self, node)


def setup(app):
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
