"""A formula in the text keeps the punctuation that touches it: a browser may break a line on either side of a formula, even before a comma.

It sets a formula as boxes, and no character beside a box, not even U+2060, forbids the break. So both stand in a span of their
own, in which course.css forbids it; within a long formula lines break as before.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

BEFORE = re.compile(r"[(\[“‘]+$")
AFTER = re.compile(r"^[^\s\w(\[“‘]+(?:\w+)?")  # a comma, and the whole of “-th”


class Glue(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self):
        for formula in list(self.document.findall(nodes.math)):
            glue(formula)


def glue(formula):
    """Put a formula, and what touches it on either side, in a span."""
    parent, place = formula.parent, formula.parent.index(formula)
    left, before = cut(parent[place - 1] if place else None, BEFORE)
    right, after = cut(parent[place + 1] if place + 1 < len(parent) else None, AFTER)
    if not before and not after:
        return
    span = nodes.inline(classes=["glued"])
    first, last = place - bool(before), place + 1 + bool(after)
    parent[first:last] = [nodes.Text(text) if text is not None else span for text in (left, None, right) if text != ""]
    span += [nodes.Text(before)] * bool(before) + [formula] + [nodes.Text(after)] * bool(after)


def cut(node, pattern):
    """Return what remains of a text, and what touches the formula; nothing of either where it does not touch it."""
    found = pattern.search(node.astext()) if isinstance(node, nodes.Text) else None
    if not found:
        return "", ""
    text = node.astext()
    return text[: found.start()] + text[found.end() :], found[0]


def setup(app):
    app.add_post_transform(Glue)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
