"""A page loads what it uses, from this site, and nothing that blocks it; Jupyter Book and the theme load more, on every page.

Extensions that Jupyter Book always brings, and that reach for other hosts or do by script what HTML does by itself, are
unhooked; scripts are deferred. The templates see to the rest: book/_templates/layout.html and search.html.
"""

UNHOOKED = ("sphinx_thebe", "sphinx_togglebutton", "sphinx_comments")  # boxes fold without: folds.py
THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"
UNUSED = (
    "design-tabs.js",  # sphinx-design's tabs, which no page has
    "scripts/sphinx-book-theme.js",  # Thebe, full screen, margin notes; and it takes the focus off a button that was pressed
)


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


def setup(app):
    app.add_js_file(THEME_SCRIPT, priority=600)
    unhook(app)
    app.connect("html-page-context", lighten, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
