"""One style for every plot: structure is grey, and each colour has one meaning in the whole book.

    from linear_regression.figures import COLOR, set_figsize, show_playable

Plots come out as SVG (the site) and as PNG (JupyterLab hides the SVG of a notebook that it does not trust). The SVG
has no background, and every colour keeps a contrast of 3 to 1 or more on the light page and, inverted
by the stylesheet, on the dark one. Signs other than colour (dash, marker, label) are the plot's own business.
"""

import math
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import torch
from IPython import get_ipython
from IPython.display import display
from IPython.core.pylabtools import print_figure
from matplotlib.figure import Figure

COLOR = {
    "data": "#2c63a6",  # blue: what was observed
    "truth": "#0f6b5c",  # green: what generated the data; draw it dashed
    "estimate": "#b8500a",  # orange: what the model says
    "gradient": "#7a3fc4",  # purple: gradients, and the steps that follow them
    "residual": "#b0176b",  # magenta: label − prediction, and the loss made of it
    "ink": "#2b2f36",  # text
    "structure": "#6b7280",  # grey: axes, guides, everything that only carries the rest
}

STYLE = {
    "axes.edgecolor": COLOR["structure"],
    "axes.labelcolor": COLOR["ink"],
    "axes.prop_cycle": mpl.cycler(color=[COLOR[name] for name in ("estimate", "data", "truth", "gradient", "residual")]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "figure.dpi": 96,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "figure.constrained_layout.use": True,
    "font.size": 12,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "patch.facecolor": COLOR["data"],
    "svg.hashsalt": "linear-regression",  # the same figure is the same text on every run
    "text.color": COLOR["ink"],
    "xtick.color": COLOR["structure"],
    "xtick.labelcolor": COLOR["ink"],
    "ytick.color": COLOR["structure"],
    "ytick.labelcolor": COLOR["ink"],
}

PLAYABLE = "application/vnd.linear-regression.playable+json"  # a kind of output; what does not know it shows the picture


def set_figsize(figsize=(5.5, 3.4)):
    """Use the book's style for the plots that follow, and make them `figsize` (width, height) inches.

    Named after d2l's `set_figsize`, which does the same for d2l's style.
    Raises ValueError where figsize is not two finite numbers above 0.
    """
    mpl.rcParams.update({**STYLE, "figure.figsize": _checked(figsize)})
    shell = get_ipython()
    if shell is not None:  # in a notebook; a plain Python program draws to its own window or file
        _show_as_svg_and_png(shell)


def show_playable(name, **data):
    """Show the current figure; on the course's site it answers to the reader's hand.

    There the element `name` (book/_static/playable/<name>.js) takes its place, and draws from `data`: numbers, texts, lists,
    dicts and tensors, each number as exact as it is here. Elsewhere the figure is all that is seen.
    Raises ValueError where name is not two words or more in small letters with hyphens between them, or a number is not finite;
    TypeError where data holds anything else.
    """
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        raise ValueError(f"the figure's name must be small letters with a hyphen, such as line-and-loss, got {name!r}")
    content = {"name": name, "data": _plain(data, "data")}
    shell = get_ipython()
    if shell is None:
        return plt.show()
    forms, metadata = shell.display_formatter.format(plt.gcf())
    plt.close()
    display({**forms, PLAYABLE: content}, metadata=metadata, raw=True)


def _plain(value, place):
    """Return what JSON can hold of a value, numbers unchanged."""
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: _plain(each, f"{place}[{key!r}]") for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, f"{place}[{i}]") for i, each in enumerate(value)]
    if not isinstance(value, (bool, int, float, str)):
        raise TypeError(f"{place} must be a number, text, list, dict or tensor, got {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{place} must be finite, got {value}")
    return value


def _checked(figsize):
    """Return figsize as two floats."""
    try:
        width, height = map(float, figsize)
    except (TypeError, ValueError):
        raise ValueError(f"figsize must be (width, height) in inches, got {figsize!r}") from None
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise ValueError(f"figsize must be two finite numbers above 0, got {figsize!r}")
    return width, height


def _show_as_svg_and_png(shell):
    """Print every figure twice: as SVG without a date in it, and as PNG on white, for dark notebooks."""
    plt.switch_backend(plt.get_backend())  # the inline backend, once loaded, registers printers of its own: load it first
    formatters = shell.display_formatter.formatters
    formatters["image/svg+xml"].for_type(Figure, lambda fig: print_figure(fig, "svg", metadata={"Date": None}))
    formatters["image/png"].for_type(Figure, lambda fig: print_figure(fig, "png", base64=True, facecolor="white"))
