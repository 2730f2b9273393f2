"""synthetic_data draws y = Xw + b + ε; data_iter yields every example once."""

import pytest
import torch

from linear_regression.d2l import d2l
from linear_regression.data import data_iter, synthetic_data
from linear_regression.reproducible import set_seed

W, B = torch.tensor([2, -3.4]), 4.2


def test_synthetic_data_is_d2ls_for_equal_seeds():
    set_seed(7)
    X, y = synthetic_data(W, B, 50)
    set_seed(7)
    X_d2l, y_d2l = d2l.synthetic_data(W, B, 50)
    assert torch.equal(X, X_d2l) and torch.equal(y, y_d2l)


def test_synthetic_data_has_the_shapes_it_promises():
    X, y = synthetic_data(W, B, 50)
    assert X.shape == (50, 2) and y.shape == (50, 1)


def test_the_noise_has_standard_deviation_001():
    set_seed(0)
    X, y = synthetic_data(W, B, 20_000)
    noise = y - (X @ W.reshape(-1, 1) + B)
    assert noise.mean().abs() < 4 * 0.01 / 20_000**0.5
    assert noise.std() == pytest.approx(0.01, rel=0.02)


@pytest.mark.parametrize(("n", "sizes"), [(30, [10, 10, 10]), (25, [10, 10, 5]), (4, [4])])
def test_data_iter_yields_every_example_once(n, sizes):
    features = torch.arange(2.0 * n).reshape(n, 2)
    labels = features.sum(1, keepdim=True)
    batches = list(data_iter(10, features, labels))
    assert [len(X) for X, _ in batches] == sizes
    X, y = (torch.cat(parts) for parts in zip(*batches))
    assert torch.equal(X[X[:, 0].argsort()], features)
    assert torch.equal(y, X.sum(1, keepdim=True)), "features and labels of an example must stay together"


def test_data_iter_shuffles_and_the_seed_fixes_the_order():
    features = torch.arange(100.0).reshape(100, 1)

    def order():
        return torch.cat([X for X, _ in data_iter(10, features, features)])

    set_seed(1)
    first, second = order(), order()
    assert not torch.equal(first, features) and not torch.equal(first, second)
    set_seed(1)
    assert torch.equal(order(), first)
