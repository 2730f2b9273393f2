"""Formulas are set at build time, everywhere; a formula that cannot be set fails the build; the fonts have every glyph."""

import json
import re
import subprocess

import pytest
from book import ROOT, build, cell, pages
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from maths import Katex, display_tex
from maths_style import LEAN
from measure_site import AT_ONCE
from third_party import NODE

KATEX = ROOT / "node_modules" / "katex"

PAGE = f"""\
Inline $x^2$ and in a list:

- $\\hat y$, see {{eq}}`eq-one`, {{eq}}`eq-two`

```{{math}}
:label: eq-one
\\mathbf{{w}}^* = (\\mathbf{{X}}^\\top\\mathbf{{X}})^{{-1}}\\mathbf{{X}}^\\top\\mathbf{{y}}
```

```{{math}}
:label: eq-two
\\begin{{aligned}}
a &= b \\\\
c &= d
\\end{{aligned}}
```

\\begin{{align}}
a &= b \\\\
c &= d
\\end{{align}}

| of $\\alpha$ | b |
|---|---|
| $\\frac12$ | $\\mathbb{{R}}$ |

```{{admonition}} Why $\\eta$?
Because.
```

## The rate $\\eta_t$ of $x^{{(i)}}$

```{{list-table}} Caption $\\sigma$
* - one
```

{cell("from IPython.display import Latex; Latex(r'$" + chr(92) + "sqrt{n}$')")}
"""
FORMULAS = {"inline": 10, "display": 4}
WITHOUT = "# Plain\n\nSee [](page.md), {eq}`eq-one`.\n"


def soup(book, page):
    return BeautifulSoup((book.folder / "_build" / "html" / f"book/{page}.html").read_text(), "html.parser")


def test_formulas_are_set_wherever_they_stand(book):
    book.page(PAGE.replace("Inline", "# Of $\\ell(w)$\n\nInline", 1))
    path = book.folder / "book" / "page.md"
    path.write_text(path.read_text().replace("# Page\n\n", ""))
    (book.folder / "book" / "plain.md").write_text(WITHOUT)
    toc = book.folder / "_toc.yml"
    toc.write_text(toc.read_text() + "  - file: book/plain\n")
    result = build(book.folder)
    assert result.returncode == 0, result.stdout
    page, plain = soup(book, "page"), soup(book, "plain")

    assert len(page.select("article span.math.katex")) == FORMULAS["inline"]
    assert len(page.select("article div.math .katex-display > .katex")) == FORMULAS["display"]
    for formula in page.select(".katex"):
        assert formula.select_one(".katex-mathml math").get_text() and formula.select_one('.katex-html[aria-hidden="true"]')
    for html in book.folder.glob("_build/html/**/*.html"):
        assert not re.search(r"mathjax|katex-error|tex2jax", html.read_text(), re.IGNORECASE), html

    numbers = {block.get("id"): block.select_one(".eqno").contents[0] for block in page.select("div.math:has(.eqno)")}
    assert list(numbers.values()) == ["(1.1)", "(1.2)", "(1.3)"] and {"equation-eq-one", "equation-eq-two"} < set(numbers)
    assert page.select_one("#equation-eq-one .eqno a.headerlink")["href"] == "#equation-eq-one"
    assert page.select_one('li a[href="#equation-eq-two"]').text == "(1.2)"
    assert plain.select_one('article a[href="page.html#equation-eq-one"]').text == "(1.1)"

    # a title is plain text wherever it is repeated
    assert page.title.text.strip().startswith("1. Of ℓ(w)")
    assert "The rate ηₜ of x^(i)" in page.select_one(".bd-sidebar-secondary").text
    assert "1. Of ℓ(w)" in plain.select_one(".bd-sidebar-primary").text and "Of ℓ(w)" in plain.select_one("article").text
    index = (book.folder / "_build" / "html" / "searchindex.js").read_text()
    assert "Of \\u2113(w)" in index and not re.search(r"katex|mathbf|frac|\\\\ell", index)

    # only a page with formulas asks for their files
    assert page.select('link[rel="stylesheet"][href*="maths.css"]') and page.select('link[rel="preload"][as="font"]')
    assert not plain.select('link[href*="maths"], .katex')


def fonts(book):
    """Return {file name: characters} of the fonts of the site's formulas."""
    files = (book.folder / "_build" / "html" / "_static" / "maths").glob("*.woff2")
    return {file.stem: {chr(code) for code in TTFont(file).getBestCmap()} for file in files}


def test_fonts_follow_the_formulas(book):
    book.page("$x = 1$")
    assert build(book.folder).returncode == 0
    first, address = fonts(book), preloads(book)
    assert first == {"Main-Regular": {"=", "1"}, "Math-Italic": {"x"}}
    book.page("$\\mathbf{y} + z = 1$")
    assert build(book.folder).returncode == 0
    second = fonts(book)
    assert {"+", "=", "1"} <= second["Main-Regular"] and "z" in second["Math-Italic"] and second["Main-Bold"] == {"y"}
    css = (book.folder / "_build" / "html" / "_static" / "maths.css").read_text()
    assert css.count("@font-face") == 3 and "KaTeX_" not in css and ".ttf" not in css
    assert len(preloads(book)) == 3 and not preloads(book) & address, "a changed font has another address"
    assert all(one in css for one in preloads(book))


def preloads(book):
    return {link["href"].partition("_static/")[2] for link in soup(book, "page").select('link[rel="preload"][as="font"]')}


FAULTS = {  # a line each, and what is said of it
    "One $\\nosuchmacro{x}$ here.": r"Undefined control sequence: \nosuchmacro",
    "- in a list, $\\frac{1}$": "Unexpected end of input",
    "$$\\left( 1$$": "Expected '\\right'",
    "Text in maths: $привет$": "привет",
}


def test_a_formula_that_cannot_be_set_fails_the_build_with_its_page_and_line(book):
    book.page("\n\n".join(FAULTS))
    lines = (book.folder / "book" / "page.md").read_text().splitlines()
    for _ in range(2):
        result = build(book.folder)
        assert result.returncode != 0
        for fault, says in FAULTS.items():
            place = f"page.md:{lines.index(fault) + 1}: WARNING: "
            assert any(place in line and says in line for line in result.stdout.splitlines()), (place, says, result.stdout)


def test_macros_are_configured_in_one_place(book):
    book.page("Numbers in $\\RR$, pairs in $\\pair{\\RR}$.")
    config = book.folder / "_config.yml"
    macros = json.dumps({"\\RR": "\\mathbb{R}", "\\pair": "#1 \\times #1"})
    config.write_text(config.read_text().replace("    language: en\n", f"    language: en\n    katex_macros: {macros}\n"))
    result = build(book.folder)
    assert result.returncode == 0, result.stdout
    assert [formula.select_one("math").find(string="×") for formula in soup(book, "page").select(".katex")] == [None, "×"]
    assert fonts(book)["AMS-Regular"] == {"R"}


def test_lines_and_paragraphs_are_aligned():
    assert display_tex("a = b", False) == "a = b"
    assert display_tex("a &= b \\\\\n&= c", False) == "\\begin{split}a &= b \\\\\n&= c\\end{split}"
    assert display_tex("a\n\nb", False) == r"\begin{aligned}a\\b\end{aligned}"
    matrix = r"A = \begin{pmatrix} \begin{matrix} 1 \\ 2 \end{matrix} & 3 \end{pmatrix}"
    assert display_tex(matrix, False) == matrix
    assert display_tex(r"\begin{align}a\end{align}", True) == r"\begin{align*}a\end{align*}"


DRAWN = """() => {
  document.querySelectorAll("details").forEach(one => one.open = true);
  const seen = {}, walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.replace(/[\\u200b\\u2061-\\u2064]/g, ""), parent = walker.currentNode.parentElement;
    if (!text || !parent.closest(".katex-html")) continue;
    const style = getComputedStyle(parent), key = [style.fontFamily, style.fontWeight, style.fontStyle, text].join();
    if (!(key in seen)) { seen[key] = text; parent.dataset.glyph = text; }
  }
  return document.querySelectorAll("[data-glyph]").length;
}"""


def test_no_glyph_of_any_formula_comes_from_another_font(page, site):
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    glyphs = 0
    for name in (f"book/{one}.html" for one in pages()):
        page.goto(site.url + name)
        if not page.locator(".katex").count():
            continue
        page.evaluate(AT_ONCE)
        page.evaluate("document.fonts.ready")
        glyphs += page.evaluate(DRAWN)
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-glyph]"})["nodeIds"]:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            attributes = session.send("DOM.getAttributes", {"nodeId": node})["attributes"]
            text = attributes[attributes.index("data-glyph") + 1]
            assert all(font["isCustomFont"] for font in fonts), (name, text, fonts)
    assert glyphs > 500


SAMPLES = [  # one of each that the book has, and of what maths_lean.js has a case for
    *("n", "x_i^2", r"\mathbf{w}^\top\mathbf{x} + b", r"\hat{y}^{(i)}", r"\tilde{\mathbf X} = [\mathbf X\ \mathbf 1]", r"a_{i_j}", r"\mathbb{R}^{n \times d}"),
    *(r"\tfrac12", r"\frac{\partial L}{\partial w_j}", r"\sqrt{\frac{a}{b}}", r"\sqrt[3]{x}", r"\overline{ab}", r"\underbrace{a + b}_{c}", r"\; x", r"\left( \frac1n \right)^2"),
    *(r"\lVert \mathbf{x} \rVert_2", r"\mathrm{E}[X \mid Y]", r"\operatorname*{arg\,min}_w L", r"\text{mean } \eta\lambda", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"),
    *(r"\sum_{i=1}^n \Bigl( \prod_j a_j \Bigr)", r"\begin{aligned} a &= \frac{1}{2} \\ &\approx b \end{aligned}", r"\left\{\begin{matrix} a \\ b \\ c \end{matrix}\right.", r"a \not= b"),
]
PLACES = """() => [...document.querySelectorAll('.katex-html')].map(formula => {
    const walker = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT), box = formula.getBoundingClientRect(), from = formula.closest('p').firstChild.getBoundingClientRect(), range = document.createRange(), places = []
    while (walker.nextNode()) for (const [at, character] of [...walker.currentNode.data].entries()) {
        range.setStart(walker.currentNode, at)
        range.setEnd(walker.currentNode, at + 1)
        const {left, bottom} = range.getBoundingClientRect()
        if (!/[\\s\\u200b\\u2061-\\u2064]/.test(character)) places.push([character, left - box.left, bottom - from.bottom])
    }
    return {width: box.width, places: places.sort((a, b) => a[1] - b[1] || a[2] - b[2] || (a[0] < b[0] ? -1 : 1))}
})"""


def katex_own(display):
    script = "const katex = require(process.argv[1]); console.log(JSON.stringify(JSON.parse(process.argv[2]).map(tex => katex.renderToString(tex, {displayMode: %s}))))"
    command = [NODE, "-e", script % json.dumps(display), str(KATEX), json.dumps(SAMPLES)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("display", [False, True])
def test_a_lean_formula_has_every_glyph_where_katex_puts_it(browser, tmp_path, display):
    """To half a pixel, at 25 pixels."""
    lean = Katex(KATEX, {})
    ours = [lean(tex, display)["html"] for tex in SAMPLES]
    ours = ours if display else [f'<span class="katex">{html}</span>' for html in ours]
    found, page = [], browser.new_page()
    for name, formulas, css in (("katex", katex_own(display), ""), ("lean", ours, LEAN)):
        lines = "".join(f"<p><span>x</span>{formula}</p>" for formula in formulas)
        (tmp_path / f"{name}.html").write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><link rel="stylesheet" href="{(KATEX / "dist" / "katex.min.css").as_uri()}">'
            f"<style>{css} body {{ font-size: 20px; line-height: 5 }} * {{ box-sizing: border-box }}</style>{lines}"
        )
        page.goto((tmp_path / f"{name}.html").as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready")
        found.append(page.evaluate(PLACES))
    page.close()
    lean.process.communicate()
    for tex, one, other in zip(SAMPLES, *found):
        assert [place[0] for place in one["places"]] == [place[0] for place in other["places"]], tex
        far = [(a, b) for a, b in zip(one["places"], other["places"]) if max(abs(a[1] - b[1]), abs(a[2] - b[2])) > 0.6]
        assert not far and abs(one["width"] - other["width"]) < 0.5, (tex, far, one["width"], other["width"])
    assert sum(html.count("<span") for html in ours) < 0.6 * sum(html.count("<span") for html in katex_own(display))
