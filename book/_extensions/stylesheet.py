"""One stylesheet for the whole site: all that Sphinx, the theme and the extensions bring, without what no page can use.

They come as a dozen files, half a megabyte, each of which holds up the first paint. PurgeCSS keeps the rules whose tags,
classes, ids and attributes occur in a page or a script, and those of our own, whatever they are; Lightning CSS makes them
short (stylesheet.mjs). Of the icon fonts, the icons that the remaining rules name are in it. tests/test_theme.py compares
pages with and without.
"""

import base64
import hashlib
import io
import json
import posixpath
import re
import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError
from third_party import NODE, fetch

NAME = "site.css"
THEME = ("styles/theme.css", "styles/pydata-sphinx-theme.css")  # linked by the theme's template, not by Sphinx
UNUSED = ("togglebutton.css", "sphinx-thebe.css")  # whose scripts lean_pages.py drops
TOOL = Path(__file__).with_name("stylesheet.mjs")
LEFT_BEHIND = ("scripts/fontawesome.js", "scripts/bootstrap.js", "locales", "vendor", "*.map")  # 5 MB that nothing asks for
ASIDE = "thebe/*"  # loaded on a click, with a stylesheet of its own
TAG = re.compile(r"<[a-zA-Z][^>]*>")
WORD = re.compile(r"[\w-]+")
URL = re.compile(r"""url\(\s*["']?(?![a-z]+:|/|\#)([^"')]+)["']?\s*\)""")
IMPORT = re.compile(r"""@import\s*["']([^"']+)["']\s*;""")
FONT = re.compile(r"url\(([^)]+\.woff2)\)(?: ?format\([^)]*\))?(?:, ?url\([^)]+\.ttf\)(?: ?format\([^)]*\))?)?")
ICON = re.compile(r"\\([ef][0-9a-f]{3})|([\ue000-\uf8ff])")


def local(css):
    """Return the name below _static/ of a stylesheet, or None for any other address."""
    name = css.filename.removeprefix("_static/")
    return None if ":" in name else name


def link(app, pagename, templatename, context, doctree):
    """Let the page link the one stylesheet, with a version that follows the sources."""
    if not hasattr(app.builder, "course_styles"):
        names = [*THEME, *filter(None, map(local, sorted(app.builder._css_files, key=lambda css: css.priority)))]
        app.builder.course_styles = [name for name in dict.fromkeys(names) if name not in UNUSED]
        app.builder.course_styles_version = version(app)
    context["css_files"] = [css for css in context["css_files"] if local(css) is None]
    context["stylesheet"] = f"{NAME}?v={app.builder.course_styles_version}"


def version(app):
    """Return what changes with the sources. Some extensions bring their stylesheets only at the end: their versions stand for them."""
    own = [path.read_text(encoding="utf-8") for folder in app.config.html_static_path for path in sorted((Path(app.srcdir) / folder).glob("*.css"))]
    order = json.dumps([app.builder.course_styles, app.config.course_code_hash, own])
    return hashlib.sha256(order.encode()).hexdigest()[:8]


def joined(app, own):
    """Return in one the stylesheets of our own, or all others, which come first."""
    return "\n".join(read(Path(app.outdir) / "_static", name) for name in app.builder.course_styles if is_own(app, name) == own)


def is_own(app, name):
    """Tell whether a stylesheet is the book's; extensions name their folders in full."""
    return any((Path(app.srcdir) / folder / name).exists() for folder in app.config.html_static_path if not Path(folder).is_absolute())


def read(static, name):
    """Return a stylesheet with what it imports, each url(…) as seen from the folder _static."""
    text = (static / name).read_text(encoding="utf-8").removeprefix('@charset "UTF-8";')

    def beside(path):
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))

    text = URL.sub(lambda match: f"url({beside(match[1])})", text)
    return IMPORT.sub(lambda match: read(static, beside(match[1])), text)


def words(site):
    """Return every word that stands in a tag of a page, or in a script of our own or the theme's."""
    tags, found = set(), set()
    for page in site.rglob("*.html"):
        tags.update(TAG.findall(page.read_text(encoding="utf-8")))
    for script in (site / "_static").rglob("*.js"):
        if not any(script.match(pattern) for pattern in (*LEFT_BEHIND, ASIDE)):
            tags.add(script.read_text(encoding="utf-8"))
    for tag in tags:
        found.update(WORD.findall(tag))
    return sorted(found)


def write(app, exception):
    """Write the stylesheet, unless it is that of the last build, and remove what it makes needless."""
    if exception or app.builder.format != "html" or not hasattr(app.builder, "course_styles"):
        return
    static = Path(app.outdir) / "_static"
    order = json.dumps({"css": joined(app, own=False), "own": joined(app, own=True), "words": words(Path(app.outdir))})
    mark = hashlib.sha256(order.encode() + TOOL.read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]
    stamp = f"/* {mark} {' '.join(app.builder.course_styles)} */\n"
    target = static / NAME
    if not (target.exists() and target.read_text(encoding="utf-8").startswith(stamp)):
        command = [NODE, str(TOOL), str(fetch(app.srcdir))]
        result = subprocess.run(command, input=order, capture_output=True, text=True, encoding="utf-8", check=False)
        if result.returncode:
            raise ExtensionError(f"{TOOL.name}: {result.stderr}")
        target.write_text(stamp + with_icons(result.stdout, static), encoding="utf-8")
    for pattern in LEFT_BEHIND:
        for path in static.rglob(pattern) if "*" in pattern else [static / pattern]:
            remove(path)


def with_icons(css, static):
    """Return the stylesheet with its icon fonts in it, each without the icons that no rule names."""
    icons = {int(code, 16) if code else ord(char) for code, char in ICON.findall(css)}
    return FONT.sub(lambda match: f"url(data:font/woff2;base64,{cut(static / match[1], icons)})", css)


def cut(file, icons):
    """Return a font with these characters alone, in base64."""
    from fontTools import subset  # here, since few builds need it

    options = subset.Options(flavor="woff2", layout_features=[])
    font = subset.load_font(file, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=icons)
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return base64.b64encode(buffer.getvalue()).decode()


def remove(path):
    if path.is_dir():
        for one in path.iterdir():
            remove(one)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def setup(app):
    app.connect("html-page-context", link, priority=900)
    app.connect("build-finished", write, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
