"""linreg, squared_loss and sgd are their formulas; train reaches the least-squares solution and refuses bad input."""

import math

import pytest
import torch

from linear_regression.d2l import d2l
from linear_regression.data import data_iter, synthetic_data
from linear_regression.reproducible import set_seed
from linear_regression.scratch import init_params, linreg, sgd, squared_loss, train

W, B = torch.tensor([2, -3.4]), 4.2


@pytest.fixture
def problem():
    """Features and labels (1000 examples), and parameters to start from."""
    set_seed(0)
    features, labels = synthetic_data(W, B, 1000)
    return features, labels, init_params(2)


@pytest.fixture
def batch():
    """X (10, 3), y (10, 1), w, b in float64, the last two ready for autograd."""
    set_seed(3)
    X, y, w, b = (torch.randn(shape, dtype=torch.float64) for shape in [(10, 3), (10, 1), (3, 1), (1,)])
    return X, y, w.requires_grad_(), b.requires_grad_()


def test_linreg_and_squared_loss_are_d2ls():
    X, w, b, y = torch.randn(5, 3), torch.randn(3, 1), torch.randn(1), torch.randn(5)
    assert torch.equal(linreg(X, w, b), d2l.linreg(X, w, b))
    y_hat = linreg(X, w, b)
    assert torch.equal(squared_loss(y_hat, y), d2l.squared_loss(y_hat, y))
    assert squared_loss(y_hat, y).shape == (5, 1), "a flat y must not broadcast to (5, 5)"


def test_sgd_is_d2ls(batch):
    X, y, w, b = batch
    copies = [w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()]
    for params, step in (([w, b], sgd), (copies, d2l.sgd)):
        squared_loss(linreg(X, *params), y).sum().backward()
        step(params, 0.1, 10)
    assert torch.equal(w, copies[0]) and torch.equal(b, copies[1])


def test_the_gradient_is_the_hand_formula(batch):
    X, y, w, b = batch
    squared_loss(linreg(X, w, b), y).sum().backward()
    residual = (X @ w + b - y).detach()
    torch.testing.assert_close(w.grad, X.T @ residual)
    torch.testing.assert_close(b.grad, residual.sum(0))


def test_the_gradient_is_the_finite_difference(batch):
    X, y, w, b = batch
    assert torch.autograd.gradcheck(lambda w, b: squared_loss(linreg(X, w, b), y).sum(), (w, b))


def test_sgd_steps_against_the_mean_gradient_and_zeroes_it():
    w = torch.tensor([[1.0], [2.0]], requires_grad=True)
    w.grad = torch.tensor([[10.0], [-20.0]])
    sgd([w], lr=0.5, batch_size=10)
    assert torch.equal(w, torch.tensor([[0.5], [3.0]]))
    assert torch.equal(w.grad, torch.zeros(2, 1))


def test_init_params_are_small_and_learnable():
    set_seed(0)
    w, b = init_params(1000)
    assert w.shape == (1000, 1) and b.shape == (1,) and w.requires_grad and b.requires_grad
    assert w.std().item() == pytest.approx(0.01, rel=0.1) and b.item() == 0


def test_train_reaches_least_squares_within_its_plateau(problem):
    features, labels, (w, b) = problem
    losses = train((w, b), features, labels, num_epochs=5)
    exact = torch.linalg.lstsq(torch.cat([features, torch.ones(1000, 1)], 1), labels).solution
    learned = torch.cat([w.detach(), b.detach().reshape(1, 1)])
    assert (learned - exact).abs().max() < 2e-3
    assert losses[-1] == pytest.approx(0.5 * 0.01**2, rel=0.15)


def test_train_returns_the_mean_loss_after_each_epoch(problem):
    features, labels, (w, b) = problem
    losses = train((w, b), features, labels, num_epochs=3)
    assert len(losses) == 3 and losses[0] > losses[1] > losses[2]
    with torch.no_grad():
        assert losses[-1] == squared_loss(linreg(features, w, b), labels).mean().item()


def test_train_follows_the_loop_that_the_lesson_shows(problem):
    features, labels, (w, b) = problem
    step_by_step = [p.detach().clone().requires_grad_() for p in (w, b)]
    set_seed(5)
    train((w, b), features, labels, num_epochs=1)
    set_seed(5)
    for X, y in data_iter(10, features, labels):
        squared_loss(linreg(X, *step_by_step), y).sum().backward()
        sgd(step_by_step, 0.03, 10)
    assert torch.equal(w, step_by_step[0]) and torch.equal(b, step_by_step[1])


def test_train_with_more_than_all_examples_a_batch_is_gradient_descent(problem):
    features, labels, (w, b) = problem
    copies = [p.detach().clone().requires_grad_() for p in (w, b)]
    train((w, b), features, labels, num_epochs=1, batch_size=10**6)
    squared_loss(linreg(features, *copies), labels).mean().backward()
    torch.testing.assert_close(w, copies[0] - 0.03 * copies[0].grad)


def test_train_is_not_moved_by_a_gradient_left_from_before(problem):
    features, labels, (w, b) = problem
    copies = [p.detach().clone().requires_grad_() for p in (w, b)]
    copies[0].grad = torch.full((2, 1), 1e6)
    for params in ((w, b), copies):
        set_seed(1)
        train(params, features, labels, num_epochs=1)
    assert torch.equal(w, copies[0]) and torch.equal(b, copies[1])


def test_train_tells_of_divergence_by_its_losses(problem):
    features, labels, params = problem
    assert not math.isfinite(train(params, features, labels, lr=5.0, num_epochs=3)[-1])


def test_train_takes_another_net_and_loss(problem):
    features, labels, params = problem
    calls = []

    def net(X, w, b):
        calls.append(len(X))
        return linreg(X, w, b)

    losses = train(params, features, labels, lr=0.1, net=net, loss=lambda y_hat, y: (y_hat - y).abs())
    assert losses[-1] < 0.1 and set(calls) == {10, 1000}


X, Y = torch.ones(6, 2), torch.ones(6, 1)
NAN, INT, FLAT = torch.full((6, 2), float("nan")), torch.ones(6, 2, dtype=torch.int64), torch.ones(6)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"features": FLAT}, ValueError, r"features must have shape \(n, d\), got \(6,\)"),
        ({"labels": FLAT}, ValueError, r"labels must have shape \(n, 1\), got \(6,\)"),
        ({"labels": torch.ones(5, 1)}, ValueError, "as many, got 6 and 5"),
        ({"features": torch.ones(0, 2), "labels": torch.ones(0, 1)}, ValueError, r"empty: shape \(0, 2\)"),
        ({"features": NAN}, ValueError, "features must be finite, got 12 NaN"),
        ({"labels": Y / 0}, ValueError, "labels must be finite, got 6"),
        ({"features": INT}, TypeError, r"floats .*got torch.int64"),
        ({"features": [[1.0, 2.0]]}, TypeError, "must be a torch.Tensor, got list"),
        ({"labels": Y.double()}, TypeError, "share a dtype, got torch.float32 and torch.float64"),
        ({"features": X.double(), "labels": Y.double()}, TypeError, "w and features must share a dtype"),
        ({"features": torch.ones(6, 3)}, ValueError, r"w must have shape \(3, 1\), got \(2, 1\)"),
        ({"params": [torch.ones(2, 1)]}, ValueError, r"params must be \(w, b\), got 1"),
        ({"params": [torch.ones(2, 1), torch.ones(1)]}, ValueError, "w must have requires_grad=True"),
        ({"lr": 0}, ValueError, "lr must be finite and above 0, got 0"),
        ({"lr": float("nan")}, ValueError, "lr must be finite"),
        ({"lr": "0.03"}, TypeError, "lr must be a number, got str '0.03'"),
        ({"num_epochs": 0}, ValueError, "num_epochs must be 1 or more, got 0"),
        ({"num_epochs": 2.0}, TypeError, "num_epochs must be an int, got float 2.0"),
        ({"batch_size": -1}, ValueError, "batch_size must be 1 or more, got -1"),
        ({"batch_size": True}, TypeError, "batch_size must be an int, got bool"),
    ],
)
def test_train_refuses_bad_input_and_changes_nothing(change, error, says):
    params = init_params(2)
    before = [p.detach().clone() for p in params]
    with pytest.raises(error, match=says):
        train(**{"params": params, "features": X, "labels": Y, **change})
    assert all(torch.equal(p, old) and p.grad is None for p, old in zip(params, before))


@pytest.mark.parametrize(("d", "error"), [(0, ValueError), (2.0, TypeError)])
def test_init_params_refuses_a_bad_number_of_features(d, error):
    with pytest.raises(error, match="d must be"):
        init_params(d)
