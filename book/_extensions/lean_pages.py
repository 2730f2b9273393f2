"""A page loads what it uses, from this site, and nothing that blocks it; Jupyter Book and the theme load more, on every page.

Extensions that Jupyter Book always brings, and that reach for other hosts or do by script what HTML does by itself, are
unhooked; scripts are deferred, and the slowest part of the theme's is taken out, since boxes.js does the same. The templates
see to the rest: book/_templates/layout.html and search.html.
"""

from pathlib import Path

from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Name, Number, Punctuation, String, Text, Whitespace
from sphinx.errors import ExtensionError
from sphinx.highlighting import PygmentsBridge

UNHOOKED = ("sphinx_thebe", "sphinx_togglebutton", "sphinx_comments")  # boxes fold without: folds.py
THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"
SLOW = '"complete"===document.readyState?I():window.addEventListener("load",I)'  # see boxes.js
IN_ITS_PLACE = "0/* boxes.js */"
UNUSED = (
    "design-tabs.js",  # sphinx-design's tabs, which no page has
    "scripts/sphinx-book-theme.js",  # Thebe, full screen, margin notes; and it takes the focus off a button that was pressed
)

PLAIN = {Name, Name.Namespace, Punctuation, Text, Whitespace}  # which the theme's two styles for code show alike
ALIKE = (Comment, Number, String)  # each with all that is of its kind, but for
UNLIKE = {String.Regex, String.Symbol}


class LeanFormatter(HtmlFormatter):
    """Code with one element around neighbours of one colour, and none around what has no colour of its own: a third of all."""

    def format_unencoded(self, tokensource, outfile):
        super().format_unencoded(((look(kind), text) for kind, text in tokensource), outfile)


def look(kind):
    """Return a kind of token that looks the same, and does so for as many as may be."""
    if kind in PLAIN:
        return Text
    return next((broad for broad in ALIKE if kind in broad and kind not in UNLIKE), kind)


def unhook(app):
    """Load the extensions in UNHOOKED, if they are not yet, and disconnect every listener of theirs."""
    for name in UNHOOKED:
        app.setup_extension(name)
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if one.handler.__module__.split(".")[0] not in UNHOOKED]


def lighten(app, pagename, templatename, context, doctree):
    """Drop the scripts that the page has no use for; defer the rest, which keeps their order."""
    scripts = [one for one in context["script_files"] if not is_unused(one)]
    for script in scripts:
        if script.filename and not {"async", "type"} & script.attributes.keys():
            script.attributes["defer"] = "defer"
    context["script_files"] = scripts


def is_unused(script):
    """Tell whether no page needs a script. The theme's settings for its version switcher are such ones, and would run too early."""
    if not script.filename:
        return script.attributes.get("body", "").startswith("DOCUMENTATION_OPTIONS.")
    return script.filename.removeprefix("_static/") in UNUSED


def quicken(app, exception):
    """Take out of the theme's script what boxes.js does in its place."""
    if exception or app.builder.format != "html":
        return
    script = Path(app.outdir) / "_static" / THEME_SCRIPT
    text = script.read_text(encoding="utf-8")
    if IN_ITS_PLACE in text:  # of an earlier build
        return
    if text.count(SLOW) != 1:
        raise ExtensionError(f"{THEME_SCRIPT} has changed: see how it marks the boxes that scroll, and boxes.js")
    script.write_text(text.replace(SLOW, IN_ITS_PLACE), encoding="utf-8")


def setup(app):
    app.add_js_file("boxes.js")
    app.add_js_file("in_pieces.js")
    app.add_js_file(THEME_SCRIPT, priority=600)
    PygmentsBridge.html_formatter = LeanFormatter
    unhook(app)
    app.connect("html-page-context", lighten, priority=900)
    app.connect("build-finished", quicken)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
