"""A figure that answers is a picture for everyone, and more for whoever has a script, by mouse, finger or keyboard; all of them are light."""

import gzip

import nbformat
import pytest
from book import ROOT, build, cell, figure_page
from measure_site import WAKE
from twins import IN_THE_PAGE

FOLDER = ROOT / "book" / "_static" / "playable"
SHARED = {"board", "maths"}
FIGURES = sorted(script.stem for script in FOLDER.glob("*.js") if script.stem not in SHARED)
MOST_BYTES = 12_000  # of all figures' scripts and their stylesheet, as sent
MOST_WORDS = 45  # of what a figure says of its state
FRAMES = "() => new Promise(done => setTimeout(done, 5000) && requestAnimationFrame(() => requestAnimationFrame(done)))"
EXTREMES = """async (figure) => {
    const wrong = [], sliders = [...figure.querySelectorAll('input[type=range]')]
    for (const slider of sliders) for (const end of [slider.min, slider.max]) {
        slider.value = end
        slider.dispatchEvent(new Event('input', {bubbles: true}))
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 350)))
        const html = figure.querySelector('.playable-board').outerHTML
        const found = html.match(/.{40}\\b(NaN|undefined|Infinity)\\b.{20}/)
        if (found) wrong.push(`${slider.parentElement.textContent} at ${end}: ${found[0]}`)
    }
    return wrong
}"""

EIGHTH = """\
// The weight as a bar.
import { play } from "./board.js";

play("eighth-figure", (figure, data) => {
  const w = figure.range("weight w", { min: 0, max: 3, step: 1, value: data.w });
  const bar = figure.plot("The weight", { x: [0, 3, "w"], y: [0, 1, ""] }).add("path", "line estimate");
  return () => {
    bar.draw([[0, 0.5], [w.value, 0.5]]);
    return { numbers: { w: w.value }, says: `The weight is ${w.text}.` };
  };
});
"""
DRAWN = """\
import matplotlib.pyplot as plt
import torch
from linear_regression.figures import set_figsize, show_playable

set_figsize()
plt.plot([0, 2], [1, 1])
show_playable("eighth-figure", w=torch.tensor(2.0))"""
ALT = '---\nmystnb: {image: {alt: "A bar from 0 to 2 on the axis of w."}}\n---\n'


def page_of(name):
    """Return the address, below the site, of the page on which a figure stands."""
    return f"book/{figure_page(name)}.html"


@pytest.fixture
def eighth(book):
    """A small book with a figure of its own: one small file and a call in the page's cell."""
    (book.folder / "book" / "_static" / "playable" / "eighth-figure.js").write_text(EIGHTH)
    book.page(cell(DRAWN, ALT))
    return book


def test_one_small_file_and_one_call_make_a_figure(eighth, page, serve):
    result = build(eighth.folder)
    assert result.returncode == 0, result.stdout
    assert "playable" not in (eighth.folder / "_build/html/book/bibliography.html").read_text(), "only where there is a figure"
    page.goto(serve(eighth.folder / "_build" / "html").url + "book/page.html")
    page.evaluate(WAKE)
    figure = page.get_by_role("group", name="eighth figure")
    assert figure.get_by_role("status").inner_text() == "The weight is 2."
    slider = figure.get_by_role("slider", name="weight w", exact=True)
    slider.press("ArrowRight")
    page.evaluate(FRAMES)
    assert page.locator("eighth-figure").evaluate("figure => figure.numbers") == {"w": 3}

    twins = build(eighth.folder, "--builder", "custom", "--custom-builder", "twins")
    assert twins.returncode == 0, twins.stdout
    *_, drawn, note = nbformat.read(eighth.folder / "notebooks" / "page.ipynb", as_version=4).cells
    assert {"image/png", "image/svg+xml", "text/plain"} <= drawn.outputs[0].data.keys(), "a notebook has the picture"
    assert note.source == IN_THE_PAGE


def test_a_name_without_a_figure_fails_the_build(eighth):
    (eighth.folder / "book" / "_static" / "playable" / "eighth-figure.js").unlink()
    result = build(eighth.folder)
    assert result.returncode != 0 and "no figure of this name: book/_static/playable/eighth-figure.js is not there" in result.stdout


def test_a_reader_who_moves_on_is_told_once(eighth, page, serve):
    assert build(eighth.folder).returncode == 0
    page.goto(serve(eighth.folder / "_build" / "html").url + "book/page.html")
    page.evaluate(WAKE)
    page.wait_for_timeout(500)
    said = page.evaluate("""async () => {
        const figure = document.querySelector('eighth-figure'), slider = figure.querySelector('input')
        let said = []
        new MutationObserver(() => said.push(figure.status.textContent)).observe(figure.status, {childList: true, characterData: true})
        for (const value of [0, 1, 2, 3, 0, 1]) {
            slider.value = value
            slider.dispatchEvent(new Event('input', {bubbles: true}))
            await new Promise(done => setTimeout(done, 60))
        }
        await new Promise(done => setTimeout(done, 600))
        return said
    }""")
    assert said == ["The weight is 1."]


def test_all_of_them_are_light(built_site):
    files = list((built_site / "_static" / "playable").iterdir())
    assert {file.stem for file in files} == {*FIGURES, *SHARED, "playable"}
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= MOST_BYTES


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_its_picture_on_paper_and_without_a_script(browser, page, site, name):
    page.goto(site.url + page_of(name))
    page.evaluate(WAKE)
    figure = page.locator(name)
    assert figure.get_by_role("group").is_visible() and not figure.locator("> img").is_visible()
    page.emulate_media(media="print")
    assert figure.locator("> img").is_visible() and not figure.get_by_role("group").is_visible()
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(site.url + page_of(name))
        assert plain.locator(name).locator("> img").is_visible() and plain.locator(name).get_by_role("slider").count() == 0


@pytest.mark.parametrize("name", FIGURES)
def test_every_control_is_reached_and_moved_by_keyboard(page, site, name):
    page.goto(site.url + page_of(name))
    page.evaluate(WAKE)
    figure = page.locator(name)
    controls = figure.locator("input, select, button")
    controls.first.focus()
    for control in controls.all():
        assert control.evaluate("each => each === document.activeElement"), control.evaluate("each => each.outerHTML")
        if control.get_attribute("type") == "range":
            before = control.get_attribute("aria-valuetext")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowLeft")
            if control.get_attribute("aria-valuetext") == before:  # it stood at its end
                page.keyboard.press("ArrowLeft")
            assert control.get_attribute("aria-valuetext") != before
        page.keyboard.press("Tab")
    page.wait_for_timeout(600)
    said = figure.get_by_role("status").inner_text()
    assert said and len(said.split()) <= MOST_WORDS, said


@pytest.mark.parametrize("name", FIGURES)
def test_at_the_ends_of_every_slider_all_numbers_are_numbers(page, site, name):
    page.goto(site.url + page_of(name))
    page.evaluate(WAKE)
    assert page.locator(name).evaluate(EXTREMES) == []
