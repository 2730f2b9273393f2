"""An edit in _static/ alone shows, too: Sphinx copies that folder, and writes its files' versions, only when it writes pages."""

import hashlib
from pathlib import Path


def note(app, config):
    """Make a hash of the files a part of the configuration: another one, and all pages are written again."""
    paths = sorted(path for folder in config.html_static_path for path in Path(app.srcdir, folder).rglob("*") if path.is_file())
    config.static_hash = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def setup(app):
    app.add_config_value("static_hash", "", "html", str)
    app.connect("config-inited", note)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
