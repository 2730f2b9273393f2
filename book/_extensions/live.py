"""Live cells: on a page with code, a button that turns its cells into editors that run, in their place (_static/live.js).

Thebe does it. Its two files are on the site, and no page loads them before the click. They run the cells on a server that Binder
starts from the repository, or on one of the reader's own: see live.js.
"""

import shutil
from pathlib import Path
from posixpath import dirname
from urllib.parse import urlsplit

from launch import has_cells
from third_party import fetch
from twins import notebook_name

FOLDER = "_static/thebe"
FILES = ("index.js", "index.js.LICENSE.txt", "thebe.css")
HELP = "book/run-it"


def offer(app, pagename, templatename, context, doctree):
    """Tell page.html what the button needs to know; with no repository, it waits for a server of the reader's own."""
    if doctree is None or not has_cells(doctree):
        return
    context["live"] = {
        "binder": urlsplit(context["launch"].get("binder", "")).path.removeprefix("/v2/"),  # gh/owner/name/branch
        "folder": dirname(notebook_name(pagename)),
        "files": [context["pathto"](f"_static/{name}", 1) for name in ("thebe/index.js", "live.css")],
        "help": HELP if HELP in app.env.found_docs else None,
    }
    app.add_js_file("live.js", loading_method="defer")


def copy(app, exception):
    """Put Thebe's files on the site."""
    if exception is None and app.builder.name == "html":
        folder = Path(app.outdir, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(fetch(app.srcdir) / "thebe" / "lib" / name, folder)


def setup(app):
    app.setup_extension("launch")
    app.connect("html-page-context", offer)
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
