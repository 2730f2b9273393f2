"""Figures that answer to the reader's hand: an output with data for one becomes, on the site, an element that plays.

A cell ends in linear_regression.figures.show_playable("line-and-loss", …). Its output is a picture like any other, with the
data beside it. Here both are put into <line-and-loss>, which _static/playable/line-and-loss.js brings to life; in
print, without JavaScript and in notebooks the picture is what is seen. A figure's files are loaded on its pages only.
"""

import json
from pathlib import Path

from docutils import nodes
from myst_nb.core.render import load_mime_renders
from sphinx.builders.html._assets import _CascadingStyleSheet
from sphinx.util import logging

logger = logging.getLogger(__name__)
PLAYABLE = "application/vnd.linear-regression.playable+json"  # as in linear_regression.figures, which would bring torch
FOLDER = "playable"


class playable(nodes.General, nodes.Element):
    """A figure that answers; its child is the picture. Attributes: name, data."""


class FromOutput:
    """myst-nb's way to render a kind of output that it does not know."""

    mime_priority_overrides = [("html", PLAYABLE, 1)]

    @staticmethod
    def handle_mime(renderer, output, inline):
        if output.mime_type != PLAYABLE:
            return None
        return [playable(**output.content)]


def take_picture(app, doctree):
    """Put the output's picture into each figure, where the site's builder leaves its other forms away; warn where there is no such figure."""
    for node in doctree.findall(playable):
        script = Path(app.srcdir, app.config.html_static_path[0], FOLDER, f"{node['name']}.js")
        if not script.is_file():
            logger.warning("no figure of this name: %s is not there", script.relative_to(app.srcdir), location=node.parent.parent)
        forms = {form["mime_type"]: form for form in node.parent.parent}
        picture = forms["image/svg+xml"]
        node += picture.children
        picture.parent.remove(picture)


def visit(self, node):
    self.body.append(f'<{node["name"]} class="playable">')


def depart(self, node):
    data = json.dumps(node["data"], separators=(",", ":")).replace("<", r"\u003c")
    self.body.append(f'<script type="application/json">{data}</script></{node["name"]}>\n')


def figures(doctree):
    """Return the names of a page's figures; doctree is None for a page that nobody wrote."""
    return sorted({node["name"] for node in doctree.findall(playable)}) if doctree is not None else []


def load_scripts(app, pagename, templatename, context, doctree):
    for name in figures(doctree):
        app.add_js_file(f"{FOLDER}/{name}.js", type="module")


def link_stylesheet(app, pagename, templatename, context, doctree):
    if figures(doctree):
        context["css_files"] = [*context["css_files"], _CascadingStyleSheet(f"_static/{FOLDER}/playable.css")]


def setup(app):
    if FromOutput not in load_mime_renders():
        load_mime_renders().append(FromOutput)  # it knows no other way than an installed package's entry point
    app.add_node(playable, html=(visit, depart))
    app.connect("doctree-read", take_picture, priority=400)
    app.connect("html-page-context", load_scripts)
    app.connect("html-page-context", link_stylesheet, priority=950)  # after stylesheet.py has joined all others in one
    return {"parallel_read_safe": True, "parallel_write_safe": True}
