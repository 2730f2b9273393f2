"""Outputs follow the code they come from, and a build that warned is never taken for fresh.

jupyter-cache looks at a page's cells only: an edit in code/ would publish the old outputs for ever. So the
outputs are cached in a folder named after a hash of everything that a cell can import; another hash, another folder, and
Sphinx reads every page again. Sphinx also forgets its warnings on the next run: after one with warnings
the pickled environment goes, so that a failing build fails again until it is mended.
"""

import hashlib
import shutil
from pathlib import Path

SOURCES = ("requirements.txt", "constraints.txt", "code/**/*.py", "code/**/*.toml")
FRAME = ("book/_extensions/*", "book/_static/**/*", "book/_templates/*")  # an edit here, too, shows on every page


def code_hash(root, sources=SOURCES):
    """Return a short hash of the names and contents of the files below the folder `root` that the patterns match."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in sources for path in root.glob(pattern) if path.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def follow_code(app, config):
    """Point the cache of outputs at the folder of this code, and drop the folders of earlier code."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    config.course_code_hash = code_hash(Path(app.srcdir))
    config.course_frame_hash = code_hash(Path(app.srcdir), FRAME)
    config.nb_execution_cache_path = str(caches / config.course_code_hash)
    if caches.is_dir():
        for old in caches.iterdir():
            if old.name != config.course_code_hash:
                shutil.rmtree(old) if old.is_dir() else old.unlink()


def forget_failed_build(app, exception):
    """Remove the pickled environment where the build failed or warned."""
    if exception or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app):
    app.add_config_value("course_code_hash", "", "env", str)
    app.add_config_value("course_frame_hash", "", "env", str)
    app.connect("config-inited", follow_code)
    app.connect("build-finished", forget_failed_build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
