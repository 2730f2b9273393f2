"""One style: colours that are legible on both pages, a figure in two forms, and the same SVG on every run."""

import io
import itertools

import matplotlib.pyplot as plt
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from linear_regression.figures import COLOR, PLAYABLE, STYLE, set_figsize, show_playable

DARK_PAGE = (0x14, 0x18, 0x1E)  # pydata-sphinx-theme's dark background


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def inverted(colour):
    """What the stylesheet's `invert(0.88) hue-rotate(180deg)` makes of a colour (CSS Filter Effects, sections 9.4 and 11)."""
    r, g, b = (0.88 * 255 + channel * (1 - 2 * 0.88) for channel in colour)
    rows = [(-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856)]
    return tuple(min(255, max(0, x * r + y * g + z * b)) for x, y, z in rows)


def contrast(one, other):
    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("meaning", COLOR)
def test_every_colour_is_legible_on_the_light_and_the_dark_page(meaning):
    needed = 4.5 if meaning == "ink" else 3
    assert contrast(rgb(COLOR[meaning]), (255, 255, 255)) >= needed
    assert contrast(inverted(rgb(COLOR[meaning])), DARK_PAGE) >= needed


def test_the_colours_are_told_apart():
    for one, other in itertools.combinations(COLOR.values(), 2):
        assert sum((a - b) ** 2 for a, b in zip(rgb(one), rgb(other))) > 40**2, (one, other)


def test_set_figsize_sets_style_and_size():
    with plt.rc_context():
        set_figsize((4, 2))
        assert plt.rcParams["figure.figsize"] == [4, 2]
        assert plt.rcParams["text.color"] == COLOR["ink"]
        assert set(STYLE) <= set(plt.rcParams)


@pytest.mark.parametrize("size", [5, (1,), (1, 2, 3), (0, 1), (float("nan"), 1), "ab", (float("inf"), 1)])
def test_a_bad_size_is_named(size):
    with pytest.raises(ValueError, match="figsize must be"):
        set_figsize(size)


def test_the_same_figure_is_the_same_svg():
    def svg():
        fig, ax = plt.subplots()
        ax.plot([0, 1], [0, 1])
        out = io.StringIO()
        fig.savefig(out, format="svg", metadata={"Date": None})
        plt.close(fig)
        return out.getvalue()

    with plt.rc_context():
        set_figsize()
        assert svg() == svg()


def test_a_notebook_gets_every_figure_as_svg_and_as_png():
    shell = InteractiveShell.instance()
    with plt.rc_context():
        set_figsize()
        fig, ax = plt.subplots()
        ax.plot([0, 1])
        data, _ = shell.display_formatter.format(fig)
        plt.close(fig)
    assert data["image/svg+xml"].lstrip().startswith("<?xml") and "<dc:date>" not in data["image/svg+xml"]
    assert data["image/png"]


@pytest.mark.parametrize("name", ["line", "Line-and-loss", "line-2", "-line", "", "line_and-loss"])
def test_a_name_that_no_element_can_have_is_refused(name):
    with pytest.raises(ValueError, match="the figure's name must be small letters with a hyphen.*got"):
        show_playable(name)


def test_data_that_the_page_cannot_take_are_named():
    with pytest.raises(ValueError, match=r"data\['w'\]\[1\] must be finite, got nan"):
        show_playable("line-and-loss", w=torch.tensor([1.0, float("nan")]))
    with pytest.raises(TypeError, match=r"data\['a'\]\['b'\] must be a number, text, list, dict or tensor, got set"):
        show_playable("line-and-loss", a={"b": {1, 2}})


def test_a_playable_figure_has_its_picture_and_its_data_to_the_last_digit(monkeypatch):
    shell = InteractiveShell.instance()
    shown = []
    monkeypatch.setattr("linear_regression.figures.get_ipython", lambda: shell)
    monkeypatch.setattr("linear_regression.figures.display", lambda forms, **_: shown.append(forms))
    third = torch.tensor([1.0, 2.0], dtype=torch.float64) / 3
    with plt.rc_context():
        set_figsize()
        plt.plot([0, 1])
        show_playable("line-and-loss", x=third, mode="raw", n=2)
    assert {"image/svg+xml", "image/png"} < shown[0].keys()
    assert shown[0][PLAYABLE] == {"name": "line-and-loss", "data": {"x": [1 / 3, 2 / 3], "mode": "raw", "n": 2}}
    assert not plt.get_fignums(), "not shown a second time"
