"""The role {out}: a number or word that the prose takes from an output of its own page, checked at build time.

    After three epochs the loss is {out}`0.000051`, close to the floor.

A number agrees where an output of the page, rounded to as many decimals, is the same ({out}`4.2` agrees with 4.1998);
a thousands comma is left aside, `×10⁻⁵` is understood, and a factor of 100 is not: quote 0.05, not 5 %. Anything else
must stand in an output letter by letter. A quotation that no output bears out is a warning, which fails the build.
"""

import re
from decimal import Decimal

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
NUMBER = re.compile(r"[-−+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
POWER_OF_TEN = re.compile(r"\s*×\s*10([⁻⁺]?[⁰¹²³⁴-⁹]+)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


class quoted_output(nodes.inline):
    """What {out} leaves in the page until it is checked."""


def role(name, rawtext, text, lineno, inliner, options=None, content=None):
    node = quoted_output(rawtext, text)
    node.line = lineno
    return [node], []


def as_number(text):
    """Return the number that `text` is, as a Decimal that keeps its decimals, or None."""
    text = POWER_OF_TEN.sub(lambda match: "e" + match[1].translate(SUPERSCRIPTS), text.strip())
    if not NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", "").replace("−", "-"))


def agrees(quoted, printed):
    """Tell whether the printed text bears out the quoted one."""
    number = as_number(quoted)
    if number is None:
        return quoted in printed
    unit = Decimal(1).scaleb(number.as_tuple().exponent)
    found = (as_number(match[0]) for match in NUMBER.finditer(printed))
    return any(abs(other - number) <= unit / 2 for other in found if other is not None)


def check(app, doctree):
    """Compare every {out} of a page with the text that its cells print; leave its text in its place."""
    outputs = (node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code_output")
    printed = "\n".join(node.astext() for node in outputs)
    for node in list(doctree.findall(quoted_output)):
        if not agrees(node.astext(), printed):
            logger.warning("{out}`%s` stands in no output of this page", node.astext(), location=node)
        node.replace_self(nodes.Text(node.astext()))


def setup(app):
    app.add_role("out", role)
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
