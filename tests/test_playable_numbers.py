"""What a figure that answers says is what torch computes, at several settings of its controls: 1e-9 relative, float64."""

import json

import pytest
import torch
from book import page_path, pages

FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Figure:
    """A figure of a page in the browser: its data, its controls by label, its numbers as tensors."""

    def __init__(self, page, site, name):
        [holder] = [each for each in pages() if f'show_playable("{name}"' in page_path(each).read_text(encoding="utf-8")]
        page.goto(f"{site.url}book/{holder}.html")
        self.page, self.element = page, page.locator(name)
        self.data = {key: tensor(value) for key, value in json.loads(self.element.locator("script").text_content()).items()}

    def control(self, role, label):
        return self.element.get_by_role(role, name=label, exact=True)

    def slide(self, values):
        """Set sliders, {label: value}."""
        for label, value in values.items():
            self.control("slider", label).fill(str(value))

    @property
    def numbers(self):
        self.page.evaluate(FRAMES)
        return {key: tensor(value) for key, value in self.element.evaluate("figure => figure.numbers").items()}


def tensor(value):
    """Return numbers as a tensor, anything else as it is."""
    try:
        return torch.tensor(value, dtype=torch.float64)
    except (TypeError, ValueError):
        return value


@pytest.fixture
def figure(page, site):
    return lambda name: Figure(page, site, name)


def close(found, expected):
    return torch.allclose(found, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("w, b, sold", [(60, 240, 130), (150, 48, 130), (131, -120, 345), (0, 400, 30)])
def test_line_and_loss(figure, w, b, sold):
    figure = figure("line-and-loss")
    figure.slide({"weight w": w, "bias b": b, "price of the marked house": sold})
    x, y, outlier = figure.data["area"], figure.data["price"], int(figure.data["outlier"])
    y[outlier] = sold
    X_tilde = torch.stack([x, torch.ones_like(x)], dim=1)
    best = torch.linalg.lstsq(X_tilde, y[:, None]).solution
    r = y - X_tilde @ torch.tensor([w, b], dtype=torch.float64)
    numbers = figure.numbers
    assert close(numbers["best"], best.flatten())
    assert close(numbers["L"], (r**2).mean() / 2)
    assert close(numbers["least"], ((y - (X_tilde @ best).flatten()) ** 2).mean() / 2)
    assert close(numbers["share"], r[outlier] ** 2 / (r**2).sum())
    figure.control("checkbox", "keep to the lowest loss").check()
    assert close(figure.numbers["L"], numbers["least"])
