"""Draw book/_static/course.svg, the README's picture: a line among data, and the loss that falls to the noise floor.

The same, as social networks take it, is card.png beside it.

    .venv/bin/python tools/draw_picture.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import torch

from linear_regression.closed_form import least_squares
from linear_regression.data import data_iter, synthetic_data
from linear_regression.figures import COLOR, set_figsize
from linear_regression.reproducible import set_seed
from linear_regression.scratch import init_params, linreg, sgd, squared_loss

FOLDER = Path(__file__).parent.parent / "book" / "_static"


def draw_line(ax):
    """Draw eighteen points, the line that fits them best, and the residuals."""
    x = torch.linspace(-2, 2, 18).reshape(-1, 1)
    y = 1.2 * x + 0.6 + 0.7 * torch.randn(x.shape)
    y_hat = linreg(x, *least_squares(x, y))
    ax.vlines(x, y, y_hat, color=COLOR["residual"], lw=1.2)
    ax.plot(x, y_hat, color=COLOR["estimate"])
    ax.plot(x, y, "o", ms=5, color=COLOR["data"])
    ax.text(1.0, 0.25, "ŷ = wx + b", color=COLOR["estimate"])
    ax.set(xlabel="x", ylabel="y", xticks=[], yticks=[])


def losses(num_epochs=3, lr=0.03, batch_size=10):
    """Return the mean loss over the synthetic data before training and after each update."""
    features, labels = synthetic_data(torch.tensor([2, -3.4]), 4.2, 1000)
    w, b = init_params(2)
    yield squared_loss(linreg(features, w, b), labels).mean().item()
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, batch_size)
            yield squared_loss(linreg(features, w, b), labels).mean().item()


def draw_loss(ax):
    """Draw the loss of 300 updates on a log axis, above the noise floor."""
    ax.semilogy(list(losses())[::4], color=COLOR["residual"])
    ax.axhline(0.5 * 0.01**2, color=COLOR["truth"], ls="--", lw=1.2)
    ax.text(0, 7e-5, "noise floor ½σ²", color=COLOR["truth"])
    ax.text(22, 1.5, "mean loss", color=COLOR["residual"])
    ax.set_xticks([0, 25, 50, 75], [0, 100, 200, 300])
    ax.set_xlabel("updates")
    ax.minorticks_off()


def draw(size, name, **options):
    """Draw both beside each other, of a size in inches, into a file."""
    set_seed(0)
    set_figsize(size)
    fig, (left, right) = plt.subplots(1, 2)
    draw_line(left)
    draw_loss(right)
    fig.savefig(FOLDER / name, facecolor="white", **options)


if __name__ == "__main__":
    draw((9, 3), "course.svg", metadata={"Date": None})
    draw((9, 4.725), "card.png", dpi=1200 / 9, bbox_inches=None, pil_kwargs={"optimize": True})
