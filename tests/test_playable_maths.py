"""The mathematics of the figures that answer, in JavaScript, is that of torch: the module alone, in node."""

import json
import subprocess

import pytest
import torch
from book import ROOT
from third_party import NODE

MATHS = ROOT / "book" / "_static" / "playable" / "maths.js"
X = [0.8, 1.0, 1.1, 1.3, 2.1, 2.8]
Y = [165.0, 205.0, 210.0, 240.0, 130.0, 460.0]


def node(expression):
    """Return, as JSON, the value of an expression in which `m` is the module."""
    code = f"import * as m from {json.dumps(MATHS.as_uri())}; console.log(JSON.stringify({expression}))"
    return subprocess.run([NODE, "--input-type=module", "-e", code], capture_output=True, text=True, check=True).stdout


def js(expression):
    """Return the value of an expression, numbers, as a tensor."""
    return torch.tensor(json.loads(node(expression)), dtype=torch.float64)


def close(found, expected):
    return torch.allclose(found, expected, rtol=1e-9, atol=0)


@pytest.fixture
def line():
    """X̃ = [x 1] and y of six houses, float64."""
    x = torch.tensor(X, dtype=torch.float64)
    return torch.stack([x, torch.ones_like(x)], dim=1), torch.tensor(Y, dtype=torch.float64)


@pytest.mark.parametrize("w, b", [(0.0, 0.0), (149.4, 49.6), (-20.0, 400.0)])
def test_residuals_and_loss(line, w, b):
    X_tilde, y = line
    r = y - X_tilde @ torch.tensor([w, b], dtype=torch.float64)
    assert torch.allclose(js(f"m.residuals({X}, {Y}, {w}, {b})"), r, rtol=1e-9, atol=1e-9)
    assert close(js(f"m.loss({X}, {Y}, {w}, {b})"), (r**2).mean() / 2)


def test_the_best_line_is_that_of_lstsq(line):
    X_tilde, y = line
    assert close(js(f"m.bestLine({X}, {Y})"), torch.linalg.lstsq(X_tilde, y[:, None]).solution.flatten())


def test_the_hessian_is_that_of_autograd(line):
    X_tilde, y = line
    H = torch.autograd.functional.hessian(lambda w: ((X_tilde @ w - y) ** 2).mean() / 2, torch.zeros(2, dtype=torch.float64))
    assert close(js(f"m.hessian({X})"), H)


@pytest.mark.parametrize("H", [[[1.0, 0.8], [0.8, 1.0]], [[3.3, 1.7], [1.7, 1.0]], [[1.0, 0.0], [0.0, 4.0]], [[4.9e6, 2.1e3], [2.1e3, 1.0]]])
def test_eigenvalues_and_vectors(H):
    values, vectors = js(f"m.eigen({H}).values"), js(f"m.eigen({H}).vectors")
    matrix = torch.tensor(H, dtype=torch.float64)
    assert torch.allclose(values, torch.linalg.eigvalsh(matrix), rtol=1e-9, atol=1e-16 * values[1])
    for value, vector in zip(values, vectors):
        assert torch.allclose(matrix @ vector, value * vector, rtol=0, atol=1e-9 * values[1]) and abs(vector.norm() - 1) < 1e-12


def test_an_ellipse_lies_at_its_height():
    H = torch.tensor([[3.3, 1.7], [1.7, 1.0]], dtype=torch.float64)
    e = js(f"m.ellipse({H.tolist()}, [2, -5], 7, 12)") - torch.tensor([2.0, -5.0], dtype=torch.float64)
    assert close(0.5 * (e @ H * e).sum(dim=1), torch.full((12,), 7.0, dtype=torch.float64))


@pytest.mark.parametrize("lr, start, steps", [(0.02, (0.0, 0.0), 40), (0.47, (300.0, -200.0), 40), (0.3, (10.0, 200.0), 1), (0.6, (0.0, 0.0), 30)])
def test_descent_is_that_of_the_gradients_that_autograd_finds(line, lr, start, steps):
    X_tilde, y = line
    best = torch.linalg.lstsq(X_tilde, y[:, None]).solution.flatten()
    w_tilde, path = torch.tensor(start, dtype=torch.float64), []
    for _ in range(steps + 1):
        path.append(w_tilde)
        w_tilde = w_tilde.clone().requires_grad_()
        (((X_tilde @ w_tilde - y) ** 2).mean() / 2).backward()
        w_tilde = (w_tilde - lr * w_tilde.grad).detach()
    path = torch.stack(path)
    quadratic = f"m.hessian({X}), m.bestLine({X}, {Y})"
    assert close(js(f"m.descend({quadratic}, {list(start)}, {lr}, {steps})"), path)
    expected = ((X_tilde @ path[-1] - y) ** 2).mean() / 2 - ((X_tilde @ best - y) ** 2).mean() / 2
    assert close(js(f"m.rise({quadratic}, {path[-1].tolist()})"), expected)


def test_spread_is_the_root_mean_square_length():
    vectors = torch.tensor([[3.0, 4.0], [0.0, -1.0], [2.0, 0.5]], dtype=torch.float64)
    assert close(js(f"m.spread({vectors.tolist()})"), vectors.norm(dim=1).square().mean().sqrt())


def test_the_plateau_reproduces_its_variances():
    lr, B = 0.3, 10
    curvatures, variances = torch.tensor([[0.9, 1.1, 2.0], [8e-5, 9e-5, 3e-4]], dtype=torch.float64)
    v = torch.zeros(3, dtype=torch.float64)
    for _ in range(1000):
        v = (1 - lr * curvatures) ** 2 * v + lr**2 * variances / B
    assert close(js(f"m.plateau({lr}, {B}, {curvatures.tolist()}, {variances.tolist()})"), (curvatures * v).sum() / 2)


COLUMNS = [[-1.0, 1.0, 3.0], [0.2, 0.9, 1.5]]


def test_gram_is_that_of_torch():
    X = torch.tensor(COLUMNS, dtype=torch.float64).T
    assert close(js(f"m.gram({COLUMNS})"), X.T @ X / 3)


@pytest.mark.parametrize("second", [[1.0, 1.0, 1.0], [0.2, 0.9, 1.5], [-1.0, 1.001, 3.0]])
def test_projection_is_that_of_lstsq(second):
    columns, y = [COLUMNS[0], second], [0.0, 7.0, 2.0]
    X, labels = torch.tensor(columns, dtype=torch.float64).T, torch.tensor(y, dtype=torch.float64)
    w = torch.linalg.lstsq(X, labels[:, None]).solution.flatten()
    found = f"m.project(...{columns}, {y})"
    assert close(js(f"{found}.w"), w)
    assert close(js(f"{found}.fit"), X @ w)
    assert torch.allclose(js(f"{found}.residual"), labels - X @ w, rtol=1e-9, atol=1e-9)  # one entry is 0
    assert close(js(f"{found}.condition"), torch.linalg.cond(X))


@pytest.mark.parametrize("factor", [2.0, -1 / 3])
def test_parallel_columns_have_a_projection_and_no_weights(factor):
    x, y = torch.tensor(COLUMNS[0], dtype=torch.float64), torch.tensor([0.0, 7.0, 2.0], dtype=torch.float64)
    found = f"m.project({COLUMNS[0]}, {(factor * x).tolist()}, {y.tolist()})"
    assert close(js(f"{found}.fit"), x * (x @ y) / (x @ x))
    assert js(f"['w' in {found}, 'condition' in {found}]").tolist() == [0, 0]


@pytest.mark.parametrize("detached", [False, True])
def test_what_is_handed_down_is_what_autograd_finds(detached):
    """f = (v·v)·u + v: two edges lead from the square to v, and a third from the sum."""
    v, u = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (3.0, -0.7))
    square = v * v
    ((square.detach() if detached else square) * u + v).backward()
    edges = [[0, 1, 1], [0, 4, 1], [1, 2, -0.7], [1, 3, 9], [2, 4, 3], [2, 4, 3]]  # f, product, square, u, v
    found = json.loads(node(f"m.handDown(5, {edges}, {2 if detached else -1})"))
    assert found[2] is None if detached else close(torch.tensor(found[2], dtype=torch.float64), u.detach())
    assert close(torch.tensor(found[3:], dtype=torch.float64), torch.stack([u.grad, v.grad]))


def test_a_column_minus_flat_labels_is_the_table_of_all_pairs():
    y_hat, y = torch.tensor(X, dtype=torch.float64)[:, None], torch.tensor(Y, dtype=torch.float64)
    assert close(js(f"m.pairs({X}, {Y})"), y_hat - y)
    assert close(js(f"m.meanSquare(m.pairs({X}, {Y}))"), ((y_hat - y) ** 2).mean())
