"""Our own scripts and stylesheets, made short for the pages: without comments, spaces and long names a third less is sent."""

import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError
from third_party import NODE, fetch

TOOL = Path(__file__).with_name("short_files.mjs")
ENDINGS = {".css", ".js"}


def shorten(app, exception):
    """Put each file's short form in its place below the site's _static/; the build has just copied it there."""
    if exception or app.builder.format != "html":
        return
    folders = [Path(app.srcdir, folder) for folder in app.config.html_static_path]
    names = [path.relative_to(folder) for folder in folders for path in folder.rglob("*") if path.suffix in ENDINGS]
    files = [str(Path(app.outdir, "_static", name)) for name in names]
    result = subprocess.run([NODE, str(TOOL), str(fetch(app.srcdir)), *files], capture_output=True, text=True, check=False)
    if result.returncode:
        raise ExtensionError(f"{TOOL.name}: {result.stderr}")


def setup(app):
    app.connect("build-finished", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
