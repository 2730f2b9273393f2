"""What real data need around a model: a split into three, features on one scale, and two measures of quality."""

import math
import numbers

import torch

from linear_regression import checks


def split(X, y, fractions=(0.6, 0.2, 0.2), seed=0):
    """Return three pairs (X, y), for training, validation and test: every example in exactly one, drawn at random.

    X: features, shape (n, d). y: labels, shape (n, 1). Floats of one dtype, finite.
    fractions: the three parts' shares of the n examples, each above 0, 1 in sum. The first two sizes are rounded, the
    third part is what remains. seed: an int of 0 or more; the same seed draws the same parts. Torch's own random
    numbers are left alone.

    Raises TypeError or ValueError where an argument is not as above, and ValueError where a part would be empty.
    """
    checks.examples(X, y)
    n = len(X)
    first, second = _sizes(n, fractions)
    checks.seed(seed)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    parts = order[:first], order[first : first + second], order[first + second :]
    return tuple((X[part], y[part]) for part in parts)


def mean_std(X):
    """Return (mean, std) of each feature, both of shape (d,), in the feature's unit.

    X: features, shape (n, d), n of 2 or more. The variance is the mean squared deviation: divided by n, not n − 1.
    Raises TypeError or ValueError where X is not as above, and ValueError where a feature is constant: there is no
    scale to divide by.
    """
    checks.floats("X", X, ("n", "d"))
    if len(X) < 2:
        raise ValueError(f"a spread needs at least 2 examples, got {len(X)}")
    constant = (X.amax(dim=0) == X.amin(dim=0)).nonzero().flatten().tolist()
    if constant:
        j = constant[0]
        raise ValueError(f"X[:, {j}] is constant ({X[0, j].item():g}): leave it out, b does its work")
    return X.mean(dim=0), X.std(dim=0, correction=0)


def standardise(X, mean, std):
    """Return (X − mean) / std, shape (n, d): a feature's distance from mean, in units of std.

    X: features, shape (n, d). mean, std: shape (d,), those of the *training* examples (see `mean_std`), also for X
    of the validation and the test set. Floats of one dtype, finite, std above 0.
    Raises TypeError or ValueError where they are not.
    """
    checks.floats("X", X, ("n", "d"))
    _check_scale(mean, std, X.shape[1])
    if X.dtype != mean.dtype:
        raise TypeError(f"X and mean must share a dtype, got {X.dtype} and {mean.dtype}")
    return (X - mean) / std


def to_original_units(w, b, mean, std):
    """Return (w, b) that give for raw features the predictions that the arguments w and b give for standardised ones.

    w: shape (d, 1), per standard deviation. b: shape (1,), the prediction at the mean. mean, std: shape (d,). Floats of
    one dtype, finite, std above 0.

    Returns w of shape (d, 1), per unit of each feature, and b of shape (1,), the prediction where all features are 0.
    Raises TypeError or ValueError where an argument is not as above.
    """
    checks.floats("w", w, ("d", 1))
    checks.floats("b", b, (1,))
    _check_scale(mean, std, len(w))
    if not w.dtype == b.dtype == mean.dtype:
        raise TypeError(f"w, b and mean must share a dtype, got {w.dtype}, {b.dtype} and {mean.dtype}")
    w, b = w.detach(), b.detach()
    w = w / std.reshape(-1, 1)
    return w, b - mean @ w


def rmse(y_hat, y):
    """Return the root of the mean squared error of the predictions, a float in the unit of y. No ½ in it.

    y_hat: predictions, shape (n, 1). y: labels, shape (n, 1). Floats of one dtype, finite.
    Raises TypeError or ValueError where they are not.
    """
    _check_predictions(y_hat, y)
    return ((y_hat - y) ** 2).mean().sqrt().item()


def r_squared(y_hat, y):
    """Return R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², a float: 1 for perfect predictions, 0 for predicting these labels' mean ȳ.

    y_hat: predictions, shape (n, 1). y: labels, shape (n, 1), not all equal. Floats of one dtype, finite.
    On data that the model has not seen it may well be below 0.
    Raises TypeError or ValueError where an argument is not as above.
    """
    _check_predictions(y_hat, y)
    if (y == y[0]).all():
        raise ValueError(f"R² needs labels that differ, got {len(y)} of them, all {y[0].item():g}")
    return (1 - ((y_hat - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()).item()


def _sizes(n, fractions):
    """Return the first two of the three parts' sizes, once all three hold an example or more."""
    fractions = tuple(fractions)
    fit = len(fractions) == 3 and all(isinstance(part, numbers.Real) and part > 0 for part in fractions)
    if not (fit and math.isclose(sum(fractions), 1, abs_tol=1e-6)):
        raise ValueError(f"fractions must be three numbers above 0 with the sum 1, got {fractions}")
    first, second = (round(n * part) for part in fractions[:2])
    if min(first, second, n - first - second) < 1:
        raise ValueError(f"{n} examples are too few for the fractions {fractions}: a part would be empty")
    return first, second


def _check_scale(mean, std, d):
    """Raise unless mean and std are float tensors of shape (d,) and one dtype, and std is above 0."""
    checks.floats("mean", mean, (d,))
    checks.floats("std", std, (d,))
    if mean.dtype != std.dtype:
        raise TypeError(f"mean and std must share a dtype, got {mean.dtype} and {std.dtype}")
    if not (std > 0).all():
        raise ValueError(f"std must be above 0, got {std.min().item():g}")


def _check_predictions(y_hat, y):
    """Raise unless y_hat and y are float tensors of one dtype and one shape (n, 1)."""
    checks.floats("y_hat", y_hat, ("n", 1))
    checks.floats("y", y, ("n", 1))
    if len(y_hat) != len(y):
        raise ValueError(f"y_hat and y must be as many, got {len(y_hat)} and {len(y)}")
    if y_hat.dtype != y.dtype:
        raise TypeError(f"y_hat and y must share a dtype, got {y_hat.dtype} and {y.dtype}")
