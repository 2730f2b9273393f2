"""What is folded, a solution or a cell's code, is a <details>: it opens without a script, by keyboard, and on a search in the page.

myst-nb's own has a label, "Toggle hidden content", that hides from a screen reader what the eye reads.
"""

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx_exercise.nodes import depart_solution_node, solution_node, visit_solution_node


def visit_admonition(self, node, *kind):
    type(self).visit_admonition(self, node, *kind)


def depart_admonition(self, node):
    type(self).depart_admonition(self, node)


def fold(plain_visit, plain_depart):
    """Return the visitors of a box that is folded where it has the class `dropdown`."""

    def visit(self, node, *kind):
        if "dropdown" not in node["classes"]:
            return plain_visit(self, node, *kind)
        title = node.children[0]
        node.remove(title)
        for link in list(title.findall(nodes.reference)):  # what opens and closes a fold can hold no link
            link.replace_self(link.children)
        self.body.append(self.starttag(node, "details", CLASS="admonition"))
        self.body.append('<summary class="admonition-title">')
        for child in title:
            child.walkabout(self)
        self.body.append("</summary>\n")

    def depart(self, node):
        if "dropdown" not in node["classes"]:
            return plain_depart(self, node)
        self.body.append("</details>\n")

    return visit, depart


def visit_hidden_code(self, node):
    self.body.append(f'<details class="hidden-code"><summary>{escape(node["prompt_show"])}</summary>\n')


def depart_hidden_code(self, node):
    self.body.append("</details>\n")


def setup(app):
    app.add_node(nodes.admonition, override=True, html=fold(visit_admonition, depart_admonition))
    app.add_node(solution_node, override=True, html=fold(visit_solution_node, depart_solution_node))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_code, depart_hidden_code))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
