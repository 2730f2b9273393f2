"""A column of prose says so in its class, and on a phone keeps the width to read it (course.css): the table scrolls, words don't pile up."""

from docutils import nodes

PROSE = 24  # characters; a cell that has more needs several lines on a phone


def mark_prose(app, doctree, docname):
    """Give the class `prose` to every cell of a column in which some cell is long."""
    for table in doctree.findall(nodes.table):
        rows = [row.children for row in table.findall(nodes.row)]
        for column in zip(*rows):
            if any(len(cell.astext()) > PROSE for cell in column):
                for cell in column:
                    cell["classes"].append("prose")


def setup(app):
    app.connect("doctree-resolved", mark_prose)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
