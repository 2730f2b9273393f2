"""What a figure that answers says is what torch computes, at several settings of its controls: 1e-9 relative, float64."""

import json
import warnings

import pytest
import torch
from book import figure_page
from linear_regression.closed_form import least_squares
from linear_regression.houses import load_houses
from linear_regression.practice import mean_std, split
from measure_site import WAKE
from playwright.sync_api import expect

FRAMES = "() => new Promise(done => setTimeout(done, 5000) && requestAnimationFrame(() => requestAnimationFrame(done)))"


class Figure:
    """A figure of a page in the browser: its data, its controls by label, its numbers as tensors."""

    def __init__(self, page, site, name):
        page.goto(f"{site.url}book/{figure_page(name)}.html")
        page.evaluate(WAKE)
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

    def says(self, words):
        """Wait until the figure's sentence has these words."""
        expect(self.element.get_by_role("status")).to_contain_text(words)


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


def descend(X_tilde, y, w_tilde, lr, steps):
    """Gradient descent as the page teaches it, and the page's ½ and mean."""
    for _ in range(steps):
        w_tilde = w_tilde - lr * X_tilde.T @ (X_tilde @ w_tilde - y) / len(y)
    return w_tilde


@pytest.mark.parametrize("lr, start, steps, regime", [
    (0.1, (0, 0), 20, "it crawls"),
    (0.5, (-4, 6.5), 20, "it falls steadily"),
    (1, (0, 0), 40, "it swings and converges"),
    (1.09, (5, 5), 40, "it swings and converges, slowly"),
    (1.11, (0, 0), 39, "it swings for ever"),
    (1.2, (0, 0), 40, "it diverges"),
    (1.4, (7, -1), 40, "it diverges"),
    (1.2, (3, 1), 20, "it falls steadily"),  # no error in the steep direction
    (1.2, (1, 3), 20, "it stands still"),  # the minimum
])
def test_learning_rate(figure, lr, start, steps, regime):
    figure = figure("learning-rate")
    figure.slide({"learning rate η": lr, "start w": start[0], "start b": start[1], "steps": steps})
    x, y = figure.data["x"], figure.data["y"]
    X_tilde = torch.stack([x, torch.ones_like(x)], dim=1)
    H = X_tilde.T @ X_tilde / len(x)
    low, high = torch.linalg.eigvalsh(H)
    limit = 2 / high
    if lr == 1.11:
        lr = limit  # where the slider comes this near, the figure takes the limit itself
    end = descend(X_tilde, y, torch.tensor(start, dtype=torch.float64), lr, steps)
    e = end - torch.linalg.lstsq(X_tilde, y[:, None]).solution.flatten()
    numbers = figure.numbers
    assert close(numbers["eigenvalues"], torch.stack([low, high]))
    assert close(numbers["limit"], limit)
    assert close(numbers["fastest"], 2 / (low + high))
    assert torch.allclose(numbers["factors"], 1 - lr * torch.stack([low, high]), rtol=1e-9, atol=1e-12)
    assert close(numbers["end"], end)
    assert torch.allclose(numbers["above"], e @ H @ e / 2, rtol=1e-9, atol=1e-25)
    assert close(numbers["L"], ((X_tilde @ end - y) ** 2).mean() / 2)
    figure.says(f": {regime}. ")


@pytest.mark.parametrize("rate, size, seed", [(0, 0, 0), (0, 1, 1), (0, 2, 0), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 2, 1)])
def test_minibatch_noise(figure, rate, size, seed):
    figure = figure("minibatch-noise")
    lr, B = (0.03, 0.3)[rate], (1, 10, 100)[size]
    for label, value in {"learning rate η": lr, "batch size B": B, "seed": seed}.items():
        figure.control("combobox", label).select_option(str(value))
    data, numbers = figure.data, figure.numbers
    late = data["updates"] >= 500
    assert close(numbers["spread"], (data["clouds"][size] / 1e4).square().sum(dim=1).mean().sqrt())
    assert close(numbers["law"], (data["variance"] / B) ** 0.5)
    assert close(numbers["measured"], (10 ** (data["logs"][rate, size, seed][late] / 100)).mean())
    assert close(numbers["predicted"], (lr * data["variances"] / B / (2 - lr * data["curvatures"])).sum() / 2)
    assert abs(numbers["spread"] / numbers["law"] - 1) < 0.1
    off = numbers["measured"] / numbers["predicted"]  # as the page says
    assert off > 1.5 if (lr, B) == (0.3, 1) else abs(off - 1) < 0.5


@pytest.mark.parametrize("pair, away, power", [(0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 1, 0.37), (2, 1, 1), (3, 0, 0), (3, 1, 1)])
def test_scaled_features(figure, pair, away, power):
    figure = figure("scaled-features")
    figure.control("combobox", "columns").select_option(index=pair)
    figure.control("checkbox", "take the means away").set_checked(bool(away))
    figure.slide({"divide by": power})
    chosen = figure.data["pairs"][pair].int().tolist()
    mean, std, best = figure.data["mean"], figure.data["std"], figure.data["best"][away]
    Z = ((figure.data["columns"] - away * mean[:, None]) / std[:, None] ** power)[chosen].T
    values = torch.linalg.svdvals(Z).flip(0) ** 2 / len(Z)  # of ZᵀZ/n, without the loss of digits
    numbers = figure.numbers
    assert close(numbers["values"], values)
    assert close(numbers["kappa"], values[1] / values[0])
    assert close(numbers["limit"], 2 / values[1])
    cosine = torch.cosine_similarity(*Z.T, dim=0)
    assert torch.allclose(numbers["cosine"], cosine, rtol=1e-9, atol=1e-12)
    assert away == 0 or 3 in chosen or torch.allclose(cosine, torch.corrcoef(Z.T)[0, 1], rtol=1e-9)
    start = (best * std**power)[chosen]
    w, H = torch.zeros(2, dtype=torch.float64), Z.T @ Z / len(Z)
    for _ in range(30):
        w -= H @ (w - start) / values[1]
    assert torch.allclose(numbers["left"], (w - start).norm() / start.norm(), rtol=1e-9, atol=1e-12)


def test_scaled_features_are_the_page_s_houses(figure):
    figure = figure("scaled-features")
    X, y = load_houses(("rooms", "baths", "area"))
    (X, y), _, _ = split(X, y, seed=0)
    w, b = least_squares(X, y)
    assert torch.equal(figure.data["columns"], torch.cat([X, torch.ones(len(X), 1)], dim=1).T)
    assert close(figure.data["best"], torch.stack([torch.cat([w.flatten(), b]), torch.cat([w.flatten(), y.mean(dim=0)])]))
    mean, std = mean_std(X)
    assert close(figure.data["mean"][:3], mean.flatten()) and close(figure.data["std"][:3], std.flatten())


@pytest.mark.parametrize("angle, label", [(None, 7), (90, 7), (31.5, 0), (1.2, 8), (0.1, 3.3), (0, 7)])
def test_least_squares_projection(figure, angle, label):
    figure = figure("least-squares-projection")
    figure.slide({"label of the second example": label, "turn of the view": 90})
    if angle is None:  # as it begins: the column of ones
        angle = figure.data["angle"]
    else:
        figure.slide({"angle between the columns": angle})
    x, beside, y = (figure.data[name] for name in ("x", "beside", "y"))
    y[1] = label
    phi = torch.deg2rad(torch.as_tensor(angle, dtype=torch.float64))
    X = torch.stack([x, figure.data["length"] * (phi.cos() * x / x.norm() + phi.sin() * beside)], dim=1)
    solution = torch.linalg.lstsq(X, y[:, None], driver="gelsd", rcond=1e-12).solution.flatten()
    numbers, fit = figure.numbers, X @ solution
    assert torch.allclose(numbers["fit"], fit, rtol=1e-9, atol=1e-12)
    assert close(numbers["residual"], (y - fit).norm())
    assert torch.allclose(numbers["dots"], torch.zeros(2, dtype=torch.float64), atol=1e-12)
    if angle == 0:
        assert numbers.get("w") is None and numbers.get("condition") is None
        figure.element.get_by_role("status").filter(has_text="no answer").wait_for()
    else:
        assert close(numbers["w"], solution)
        assert close(numbers["condition"], torch.linalg.cond(X))


def test_least_squares_projection_begins_with_the_column_of_ones(figure):
    assert close(figure("least-squares-projection").numbers["w"], torch.tensor([0.5, 2.5], dtype=torch.float64))


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
