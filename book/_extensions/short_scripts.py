"""Our own scripts, made short for the pages: Terser takes out comments, spaces and long names, a third of what is sent."""

import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError
from third_party import NODE, fetch

TOOL = Path(__file__).with_name("short_scripts.mjs")


def shorten(app, exception):
    """Put each script's short form in its place below the site's _static/; the build has just copied it there."""
    if exception or app.builder.format != "html":
        return
    folders = [Path(app.srcdir, folder) for folder in app.config.html_static_path]
    names = [script.relative_to(folder) for folder in folders for script in folder.rglob("*.js")]
    scripts = [str(Path(app.outdir, "_static", name)) for name in names]
    result = subprocess.run([NODE, str(TOOL), str(fetch(app.srcdir)), *scripts], capture_output=True, text=True, check=False)
    if result.returncode:
        raise ExtensionError(f"{TOOL.name}: {result.stderr}")


def setup(app):
    app.connect("build-finished", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
