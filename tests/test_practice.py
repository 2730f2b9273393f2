"""The split is a partition, standardising changes units alone, and the measures are scikit-learn's."""

import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.preprocessing import StandardScaler

from linear_regression.closed_form import least_squares
from linear_regression.practice import mean_std, r_squared, rmse, split, standardise, to_original_units


@pytest.fixture
def problem():
    """X (50, 3) on very different scales, y (50, 1), float64."""
    generator = torch.Generator().manual_seed(1)
    X = torch.randn(50, 3, generator=generator, dtype=torch.float64)
    X = X * torch.tensor([1, 0.01, 700.0]).double() + torch.tensor([6.5, 2, 2000]).double()
    y = X @ torch.tensor([[4000.0], [1e6], [28]]).double() + 1000 * torch.randn(50, 1, generator=generator).double()
    return X, y


@pytest.mark.parametrize(
    ("n", "fractions", "sizes"),
    [
        (321, (0.6, 0.2, 0.2), [193, 64, 64]),
        (10, (0.8, 0.1, 0.1), [8, 1, 1]),
        (3, (1 / 3, 1 / 3, 1 / 3), [1, 1, 1]),
        (7, [0.5, 0.25, 0.25], [4, 2, 1]),
    ],
)
def test_split_is_a_partition(n, fractions, sizes):
    X = torch.arange(2 * n, dtype=torch.float32).reshape(n, 2)
    y = X[:, :1] + 0.5
    parts = split(X, y, fractions)
    assert [len(part) for part, _ in parts] == [len(labels) for _, labels in parts] == sizes
    assert torch.equal(torch.cat([part for part, _ in parts])[:, 0].sort().values, X[:, 0]), "each example once"
    for part, labels in parts:
        assert torch.equal(labels, part[:, :1] + 0.5), "an example keeps its label"
        assert part.dtype == labels.dtype == torch.float32


def test_split_follows_its_seed_alone(problem):
    torch.manual_seed(5)
    state = torch.get_rng_state()
    first = split(*problem, seed=3)
    assert torch.equal(torch.get_rng_state(), state), "torch's own random numbers are left alone"
    torch.manual_seed(6)
    again, other = split(*problem, seed=3), split(*problem, seed=4)
    for (X, y), (X_again, y_again) in zip(first, again):
        assert torch.equal(X, X_again) and torch.equal(y, y_again)
    assert not torch.equal(first[0][0], other[0][0])


def test_split_draws_at_random():
    """Every example lands in the test part in about a fifth of 400 splits: 80, standard deviation 8."""
    X = torch.arange(20, dtype=torch.float64).reshape(20, 1)
    counts = torch.zeros(20)
    for seed in range(400):
        counts[split(X, X, seed=seed)[2][0].flatten().long()] += 1
    assert counts.min() > 40 and counts.max() < 120


@pytest.mark.parametrize(
    "fractions",
    [(0.6, 0.4), (0.6, 0.2, 0.1), (0.6, 0.4, 0.0), (1.2, -0.1, -0.1), ("a", "b", "c"), (float("nan"), 0.5, 0.5)],
)
def test_split_refuses_bad_fractions(problem, fractions):
    with pytest.raises(ValueError, match="three numbers above 0 with the sum 1"):
        split(*problem, fractions)


def test_split_refuses_too_few_examples(problem):
    X, y = problem
    with pytest.raises(ValueError, match="2 examples are too few"):
        split(X[:2], y[:2])
    with pytest.raises(ValueError, match="50 examples are too few"):
        split(X, y, (0.995, 0.0025, 0.0025))


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (2**32, ValueError), (0.5, TypeError), (True, TypeError)])
def test_split_refuses_bad_seeds(problem, seed, error):
    with pytest.raises(error, match="seed"):
        split(*problem, seed=seed)


def test_split_checks_the_examples(problem):
    X, y = problem
    with pytest.raises(ValueError, match="labels must have shape"):
        split(X, y.flatten())


def test_mean_std_and_standardise_are_sklearns_scaler(problem):
    X, _ = problem
    mean, std = mean_std(X[:30])
    scaler = StandardScaler().fit(X[:30].numpy())
    torch.testing.assert_close(mean, torch.tensor(scaler.mean_))
    torch.testing.assert_close(std, torch.tensor(scaler.scale_))
    Z = standardise(X[30:], mean, std)
    torch.testing.assert_close(Z, torch.tensor(scaler.transform(X[30:].numpy())))


def test_standardised_training_features_have_mean_0_and_std_1(problem):
    X, _ = problem
    Z = standardise(X, *mean_std(X))
    assert Z.shape == X.shape
    torch.testing.assert_close(Z.mean(dim=0), torch.zeros(3).double())
    torch.testing.assert_close((Z**2).mean(dim=0), torch.ones(3).double())


def test_mean_std_refuses_a_constant_column(problem):
    X = problem[0].clone()
    X[:, 1] = 0.1  # its floating-point standard deviation need not be 0
    with pytest.raises(ValueError, match=r"X\[:, 1\] is constant \(0.1\)"):
        mean_std(X)
    with pytest.raises(ValueError, match="at least 2 examples, got 1"):
        mean_std(X[:1])


def test_original_units_give_the_same_predictions(problem):
    X, y = problem
    mean, std = mean_std(X[:30])
    Z = standardise(X, mean, std)
    w_z, b_z = least_squares(Z[:30], y[:30])
    w, b = to_original_units(w_z, b_z, mean, std)
    assert w.shape == (3, 1) and b.shape == (1,)
    torch.testing.assert_close(X @ w + b, Z @ w_z + b_z)
    w_raw, b_raw = least_squares(X[:30], y[:30])
    torch.testing.assert_close(w, w_raw)
    torch.testing.assert_close(b, b_raw)


def test_original_units_of_parameters_in_training(problem):
    X, _ = problem
    w, b = torch.ones(3, 1).double().requires_grad_(), torch.ones(1).double().requires_grad_()
    w_raw, b_raw = to_original_units(w, b, *mean_std(X))
    assert not w_raw.requires_grad and not b_raw.requires_grad
    assert (w == 1).all() and (b == 1).all()


def test_measures_are_sklearns(problem):
    X, y = problem
    w, b = least_squares(X[:30], y[:30])
    witness = LinearRegression().fit(X[:30].numpy(), y[:30].numpy())
    torch.testing.assert_close(w, torch.tensor(witness.coef_).T)
    torch.testing.assert_close(b, torch.tensor(witness.intercept_))
    y_hat = X @ w + b
    for part in (slice(0, 30), slice(30, 50)):
        pair = y[part].numpy(), y_hat[part].numpy()
        assert rmse(y_hat[part], y[part]) == pytest.approx(root_mean_squared_error(*pair), rel=1e-12)
        assert r_squared(y_hat[part], y[part]) == pytest.approx(r2_score(*pair), rel=1e-12)


def test_measures_by_hand():
    y = torch.tensor([[1.0], [3.0], [5.0]])
    assert rmse(y + torch.tensor([[2.0], [-1.0], [2.0]]), y) == pytest.approx(3**0.5)
    assert r_squared(y, y) == 1 and rmse(y, y) == 0
    assert r_squared(torch.full_like(y, 3), y) == 0
    assert r_squared(-y, y) < 0
    assert type(rmse(y, y)) is type(r_squared(y, y)) is float


@pytest.mark.parametrize("measure", [rmse, r_squared])
def test_measures_refuse_what_would_broadcast(measure):
    y = torch.tensor([[1.0], [3.0], [5.0]])
    with pytest.raises(ValueError, match="y must have shape"):
        measure(y, y.flatten())
    with pytest.raises(ValueError, match="as many, got 3 and 2"):
        measure(y, y[:2])
    with pytest.raises(TypeError, match="share a dtype"):
        measure(y, y.double())
    with pytest.raises(ValueError, match="finite"):
        measure(y / 0, y)


def test_r_squared_refuses_equal_labels():
    with pytest.raises(ValueError, match="labels that differ, got 2 of them, all 7"):
        r_squared(torch.tensor([[1.0], [2.0]]), torch.tensor([[7.0], [7.0]]))


def test_scale_is_checked(problem):
    X, _ = problem
    mean, std = mean_std(X)
    w, b = torch.ones(3, 1).double(), torch.zeros(1).double()
    for call in (lambda m, s: standardise(X, m, s), lambda m, s: to_original_units(w, b, m, s)):
        with pytest.raises(ValueError, match=r"mean must have shape \(3,\)"):
            call(mean[:2], std)
        with pytest.raises(ValueError, match="std must be above 0, got 0"):
            call(mean, std * 0)
        with pytest.raises(TypeError, match="share a dtype"):
            call(mean, std.float())
        with pytest.raises(TypeError, match="share a dtype"):
            call(mean.float(), std.float())
