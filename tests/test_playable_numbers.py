"""What a figure that answers says is what torch computes, at several settings of its controls: 1e-9 relative, float64."""

import json
import warnings

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


class OneExample:
    """The small computation of the page about backward: its tensors by name, in the order of their making."""

    def __init__(self):
        self.leaves = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in (("w1", 1.0), ("w2", -1.0), ("b1", 1.0))}

    def forward(self, detached):
        w1, w2, b1 = self.leaves.values()
        p1, p2 = w1 * 3.0, w2 * -1.0
        s = p1 + p2
        pred = (s.detach() if detached else s) + b1
        error = pred - 13.6
        square = error**2
        self.made = {"p1": p1, "p2": p2, "s": s, "pred": pred, "error": error, "square": square, "l": square / 2}
        self.arrived = {}  # by name, in PyTorch's order
        for name, each in (self.made | self.leaves).items():
            each.register_hook(lambda gradient, name=name: self.arrived.update({name: gradient}))

    def backward(self):
        self.made["l"].backward()


def same(found, names, expected):
    """Whether the figure's numbers, one or None for each name, are those of the tensors that have one."""
    found = dict(zip(names, found if isinstance(found, list) else found.tolist(), strict=True))
    present = {name: value for name, value in found.items() if value is not None}
    return present.keys() == expected.keys() and all(close(tensor(present[name]), expected[name].detach()) for name in present)


@pytest.mark.parametrize("detached", [False, True])
def test_backward_graph_step_by_step(figure, detached):
    figure, torchs = figure("backward-graph"), OneExample()
    names = figure.data["names"]
    figure.control("checkbox", "use s.detach()").set_checked(detached)
    figure.control("button", "zero_grad, new forward").click()
    torchs.forward(detached)
    for k in range(8):
        figure.slide({"step": k})
        numbers = figure.numbers
        assert same(numbers["values"], names, dict([*torchs.made.items()][:k]) | torchs.leaves)
        assert same(numbers["gradients"], names, {}) and same(numbers["grad"], names, {})
    torchs.backward()
    for k in range(1, len(torchs.arrived) + 1):
        figure.slide({"step": 7 + k})
        numbers, reached = figure.numbers, dict([*torchs.arrived.items()][:k])
        assert same(numbers["gradients"], names, reached)
        assert same(numbers["grad"], names, {name: leaf.grad for name, leaf in torchs.leaves.items() if name in reached})
    assert float(figure.control("slider", "step").get_attribute("max")) == 7 + k


@pytest.mark.parametrize("passes", [[False], [False, False], [False, True, False], [True, True]])
def test_backward_graph_adds_to_grad_until_zero_grad(figure, passes):
    figure, torchs = figure("backward-graph"), OneExample()
    names = figure.data["names"]
    figure.control("button", "zero_grad, new forward").click()
    for detached in passes:
        figure.control("button", "new forward").click()
        figure.control("checkbox", "use s.detach()").set_checked(detached)
        torchs.forward(detached)
        torchs.backward()
        figure.slide({"step": 7 + len(torchs.arrived)})
        assert same(figure.numbers["grad"], names, {name: leaf.grad for name, leaf in torchs.leaves.items() if leaf.grad is not None})
    figure.control("button", "zero_grad, new forward").click()
    assert same(figure.numbers["grad"], names, {})


@pytest.mark.parametrize("n", [2, 3, 6])
def test_shape_trap(figure, n):
    figure = figure("shape-trap")
    figure.slide({"examples n": n})
    y_hat, y = figure.data["y_hat"][:n], figure.data["y"][:n]
    for shape, labels in {"(n,)": y, "(n, 1)": y[:, None]}.items():
        figure.control("combobox", "shape of y").select_option(shape)
        numbers = figure.numbers
        assert numbers["result"].shape == (y_hat - labels).shape and torch.equal(numbers["result"], y_hat - labels)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert close(numbers["loss"], torch.nn.MSELoss()(y_hat, labels))
        assert close(numbers["right"], torch.nn.MSELoss()(y_hat, y[:, None]))
