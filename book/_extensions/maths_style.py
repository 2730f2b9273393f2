"""The stylesheet and fonts of the formulas: KaTeX's, each font cut down to the glyphs that the book's formulas use.

Twenty fonts of 296 KB become 22 KB for the whole site. A page preloads those that its formulas need, so that they are there at
the first paint and nothing moves. (Fonts inside the stylesheet come too late: measured.) The fonts' licence reserves
their names, so those cut down go by another one.
"""

import hashlib
import io
import json
import re
from pathlib import Path

from third_party import fetch

NAME = "maths.css"
FOLDER = "maths"
FACE = re.compile(r"@font-face\{([^}]*)\}")
SIZES = re.compile(r"[^{}]*\.reset-size\d[^{}]*\{[^}]*\}")  # which maths_lean.js has turned into styles
LEAN = """
.katex .moved,.katex .stack>span{position:relative}
.katex .stack{align-items:baseline;display:inline-grid}
.katex .stack>span{grid-area:1/1}
.katex .accent-body{display:inline-block}
"""  # what maths_lean.js has instead of tables
LICENCE = 13  # of the names in a font


def note(env, docname, glyphs):
    """Remember the glyphs, {font face: characters}, of a formula of the page."""
    page = glyphs_of(env).setdefault(docname, {})
    for face, characters in glyphs.items():
        page[face] = "".join(sorted({*page.get(face, ""), *characters}))


def glyphs_of(env):
    """Return {page: {font face: characters}}, kept from build to build."""
    if not hasattr(env, "course_glyphs"):
        env.course_glyphs = {}
    return env.course_glyphs


def forget(app, env, docname):
    glyphs_of(env).pop(docname, None)


def merge(app, env, docnames, other):
    glyphs_of(env).update({name: glyphs for name, glyphs in glyphs_of(other).items() if name in docnames})


class Fonts:
    """The fonts of KaTeX, and what the formulas of a book need of them. A face is "family weight style"."""

    def __init__(self, package, glyphs):
        self.css = (package / "dist" / "katex.min.css").read_text(encoding="utf-8")
        self.version = json.loads((package / "package.json").read_text())["version"]
        self.files = {}
        for declarations in FACE.findall(self.css):
            values = dict(re.findall(r"([\w-]+):([^;]+)", declarations))
            file = re.search(r"url\((fonts/[^)]+\.woff2)\)", declarations)[1]
            self.files[f"{values['font-family']} {values['font-weight']} {values['font-style']}"] = package / "dist" / file
        self.needed = {}
        for page in glyphs.values():
            for face, characters in page.items():
                self.needed.setdefault(self.nearest(face), set()).update(characters)
        order = [self.css, sorted((face, sorted(characters)) for face, characters in self.needed.items()), Path(__file__).read_text()]
        self.stamp = hashlib.sha256(json.dumps(order).encode()).hexdigest()[:8]

    def nearest(self, face):
        """Return the face that a browser takes for this one: of the same family, with as much in common as there is."""
        family, weight, style = face.split()
        faces = (one for one in self.files if one.split()[0] == family)
        return max(faces, key=lambda one: (style in one, weight in one))

    def address(self, face):
        """Return the address of a face, as seen from the stylesheet."""
        return f"{FOLDER}/{self.files[face].name.removeprefix('KaTeX_')}?v={self.stamp}"

    def write(self, static):
        """Write the stylesheet and the fonts below the folder `static`."""
        (static / FOLDER).mkdir(parents=True, exist_ok=True)
        rules = []
        for face, characters in sorted(self.needed.items()):
            family, weight, style = face.split()
            (static / self.address(face).partition("?")[0]).write_bytes(subset(self.files[face], characters))
            rules.append(
                f"@font-face{{font-family:{family};font-weight:{weight};font-style:{style};font-display:block;"
                f"src:url({self.address(face)}) format('woff2')}}"
            )
        heading = f"/* {self.stamp}: of KaTeX {self.version}, with parts of its fonts; see licences.txt */\n"
        text = "\n".join(rules) + SIZES.sub("", FACE.sub("", self.css)) + LEAN
        (static / NAME).write_text(heading + text.replace("KaTeX_", "Formula_"), encoding="utf-8")


def subset(file, characters):
    """Return the font, as bytes, with these characters alone; its copyright and licence stay in it."""
    from fontTools import subset as fonttools  # here, since few builds need it

    options = fonttools.Options(flavor="woff2", hinting=False, name_IDs=[0, LICENCE])
    font = fonttools.load_font(file, options)
    subsetter = fonttools.Subsetter(options)
    subsetter.populate(text="".join(characters))
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def write(app, env):
    """Write what the formulas need if it is not there yet; return the pages that name it by its version."""
    app.formula_fonts = Fonts(fetch(app.srcdir) / "katex", glyphs_of(env))
    stylesheet = Path(app.outdir) / "_static" / NAME
    if app.builder.format != "html" or stylesheet.is_file() and app.formula_fonts.stamp in stylesheet.read_text(encoding="utf-8")[:20]:
        return []
    app.formula_fonts.write(stylesheet.parent)
    return list(glyphs_of(env))


def preloads(app, pagename, pathto):
    """Return the tags that have a page's fonts fetched before they are asked for."""
    fonts = app.formula_fonts
    faces = sorted({fonts.nearest(face) for face in glyphs_of(app.env)[pagename]})
    addresses = (pathto("_static/" + fonts.address(face), 1) for face in faces)
    return "".join(f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>\n' for address in addresses)
