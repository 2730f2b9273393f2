"""The closed form gives the best weights, to the last digit, or says why there are none.

The witness is exact: least squares solved in rational numbers. For nine data sets (tests/nist) NIST certifies
coefficients to 15 digits; the rational solution of the stored data reproduces them, so the stored data are right.
Agreement is counted in digits: −log10 of the largest relative error of a coefficient.
"""

import math
from fractions import Fraction
from pathlib import Path

import pytest
import torch

from linear_regression import closed_form
from linear_regression.closed_form import least_squares, normal_equations
from linear_regression.data import synthetic_data
from linear_regression.reproducible import set_seed

NIST = sorted(path.stem for path in Path(__file__).with_name("nist").glob("*.dat"))
BOTH = pytest.mark.parametrize("solve", [normal_equations, least_squares])
DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@pytest.fixture(autouse=True)
def seed():
    set_seed(0)


def nist(name):
    """Return (X, y, certified), lists of fractions; a lone x with more coefficients stands for its powers."""
    lines = Path(__file__).with_name("nist").joinpath(f"{name}.dat").read_text().splitlines()
    certified, *rows = [[Fraction(number) for number in line.split()] for line in lines if not line.startswith("#")]
    degree = len(certified) - 1 if len(rows[0]) == 2 else 1
    X = [[x**k for x in row[1:] for k in range(1, degree + 1)] for row in rows]
    return X, [row[0] for row in rows], certified


def exact(X, y):
    """Return [b, w₁, …, w_d], the least squares solution in rational numbers; X and y hold floats or fractions."""
    rows = [[Fraction(v) for v in (1, *x, label)] for x, label in zip(X, y, strict=True)]
    p = len(rows[0]) - 1
    M = [[sum(row[i] * row[j] for row in rows) for j in range(p + 1)] for i in range(p)]  # X̃ᵀX̃, and X̃ᵀy beside it
    for k in range(p):  # X̃ᵀX̃ is positive definite, so that no pivot is 0
        M[k] = [entry / M[k][k] for entry in M[k]]
        for i in range(p):
            if i != k:
                M[i] = [entry - M[i][k] * pivot for entry, pivot in zip(M[i], M[k])]
    return [row[p] for row in M]


def digits(found, truth):
    """Return how many digits of the worst coefficient are right, 17 at most."""
    error = max(abs((Fraction(a) - b) / b) for a, b in zip(found, truth, strict=True))
    return -math.log10(max(error, Fraction(1, 10**17)))


def coefficients(solution):
    """Return (w, b) as the list [b, w₁, …, w_d]."""
    w, b = solution
    return [b.item(), *w.flatten().tolist()]


def tensors(X, y, dtype=torch.float64):
    """Return the fractions rounded to dtype."""
    rows, column = [[float(v) for v in x] for x in X], [[float(v)] for v in y]
    return torch.tensor(rows, dtype=dtype), torch.tensor(column, dtype=dtype)


def solved_exactly(X, y):
    return exact(X.tolist(), y.flatten().tolist())


def raw_lstsq(X, y):
    w_tilde = torch.linalg.lstsq(torch.cat([X, torch.ones_like(y)], dim=1), y).solution
    return w_tilde[:-1], w_tilde[-1]


def powers(x, degree):
    return x.reshape(-1, 1) ** torch.arange(1, degree + 1)


# NIST


def test_all_nine_data_sets_are_here():
    assert NIST == ["filip", "longley", "norris", "pontius", *(f"wampler{k}" for k in range(1, 6))]


@pytest.mark.parametrize("name", NIST)
def test_the_stored_data_give_the_certified_values_exactly(name):
    X, y, certified = nist(name)
    assert digits(certified, exact(X, y)) > 14.2  # certified to 15 digits, but for Filippelli's last


@pytest.mark.parametrize("name", NIST)
def test_least_squares_solves_the_data_given_to_it_to_the_last_digit(name):
    X, y = tensors(*nist(name)[:2])
    assert digits(coefficients(least_squares(X, y)), solved_exactly(X, y)) > 15.5


# Rounding the data to float64 changes their solution: of Filippelli's powers no method can get more than 7.7 digits.
@pytest.mark.parametrize(
    "name, least",
    [("filip", 7.5), ("longley", 14), ("norris", 14), ("pontius", 13), ("wampler1", 15.5), ("wampler2", 13)]
    + [("wampler3", 15.5), ("wampler4", 15.5), ("wampler5", 15.5)],
)
def test_least_squares_reaches_the_certified_values(name, least):
    X, y, certified = nist(name)
    assert digits(coefficients(least_squares(*tensors(X, y))), certified) > least


def test_least_squares_reaches_seven_digits_of_filippelli_with_powers_taken_in_float64():
    X, y, certified = nist("filip")
    X, y = tensors(X, y)
    assert digits(coefficients(least_squares(powers(X[:, 0], 10), y)), certified) > 7


def test_the_formula_loses_half_of_longleys_digits_and_all_of_filippellis():
    longley, filip = nist("longley"), nist("filip")
    assert digits(coefficients(normal_equations(*tensors(*longley[:2]))), longley[2]) < 9
    assert digits(coefficients(normal_equations(*tensors(*filip[:2]))), filip[2]) < 1


def test_lstsq_on_the_raw_columns_gets_filippelli_wrong():
    X, y, certified = nist("filip")
    assert digits(coefficients(raw_lstsq(*tensors(X, y))), certified) < 1


# Ill-conditioned beyond NIST


@pytest.mark.parametrize("degree", [8, 12, 16])
def test_polynomials_that_pass_the_rank_test_come_out_to_the_last_digit(degree):
    x = torch.linspace(0, 1, 31, dtype=torch.float64)
    X, y = powers(x, degree), torch.sin(6 * x).reshape(-1, 1) + 0.1 * torch.randn(31, 1, dtype=torch.float64)
    assert digits(coefficients(least_squares(X, y)), solved_exactly(X, y)) > 15.5


@pytest.mark.parametrize("small, large", [(1e-12, 1e12), (1e-150, 1e150), (1e-300, 1e300)])
def test_badly_scaled_columns_cost_no_digit(small, large):
    X = (torch.randn(20, 2, dtype=torch.float64) + 1) * torch.tensor([small, large], dtype=torch.float64)
    y = torch.randn(20, 1, dtype=torch.float64)
    assert digits(coefficients(least_squares(X, y)), solved_exactly(X, y)) > 15.5


def test_float32_data_are_solved_to_float32s_last_digit():
    X, y = tensors(*nist("longley")[:2], dtype=torch.float32)
    assert digits(coefficients(least_squares(X, y)), solved_exactly(X, y)) > 7


def test_features_far_from_zero_cost_no_digit():
    X = torch.randn(50, 2, dtype=torch.float64) + 1e8
    y = X.sum(dim=1, keepdim=True) + torch.randn(50, 1, dtype=torch.float64)
    assert digits(coefficients(least_squares(X, y)), solved_exactly(X, y)) > 15.5


# On ordinary data


@DTYPES
def test_all_ways_agree_on_the_synthetic_data(dtype):
    X, y = (tensor.to(dtype) for tensor in synthetic_data(torch.tensor([2, -3.4]), 4.2, 1000))
    for other in normal_equations, raw_lstsq:
        torch.testing.assert_close(least_squares(X, y), other(X, y))


def test_the_truth_is_found_within_the_noise():
    w, b = least_squares(*synthetic_data(torch.tensor([2, -3.4]), 4.2, 1000))
    standard_error = 0.01 / 1000**0.5
    torch.testing.assert_close(w, torch.tensor([[2], [-3.4]]), rtol=0, atol=4 * standard_error)
    torch.testing.assert_close(b, torch.tensor([4.2]), rtol=0, atol=4 * standard_error)


def test_labels_without_noise_give_the_weights_themselves():
    X = torch.randn(30, 3, dtype=torch.float64)
    w, b = least_squares(X, X @ torch.tensor([[1.0], [-2], [3]]).double() + 4)
    torch.testing.assert_close(coefficients((w, b)), [4.0, 1.0, -2.0, 3.0], rtol=1e-14, atol=0)


def test_the_gradient_is_zero_at_the_solution():
    X, y = torch.randn(100, 3, dtype=torch.float64), torch.randn(100, 1, dtype=torch.float64)
    w, b = (param.requires_grad_() for param in least_squares(X, y))
    ((X @ w + b - y) ** 2 / 2).mean().backward()
    for param in w, b:
        torch.testing.assert_close(param.grad, torch.zeros_like(param), rtol=0, atol=1e-15)


@DTYPES
@BOTH
@pytest.mark.parametrize("n, d", [(2, 1), (5, 4), (50, 3)])
def test_shapes_and_dtypes(solve, dtype, n, d):
    w, b = solve(torch.randn(n, d, dtype=dtype), torch.randn(n, 1, dtype=dtype))
    assert (w.shape, b.shape) == ((d, 1), (1,))
    assert (w.dtype, b.dtype) == (dtype, dtype)


@DTYPES
@BOTH
def test_the_data_stay_as_they_were_and_no_gradient_is_needed(solve, dtype):
    X, y = torch.randn(10, 2, dtype=dtype), torch.randn(10, 1, dtype=dtype)
    X[:, 0] = X[:, 0].abs() + 1
    before = X.clone(), y.clone()
    w, b = solve(X, y)
    torch.testing.assert_close((X, y), before, rtol=0, atol=0)
    torch.testing.assert_close(solve(X.T.contiguous().T, y.expand(10, 1)), (w, b), rtol=1e-4, atol=0)


def test_data_that_require_a_gradient_give_a_solution_that_does_not():
    w, b = least_squares(torch.randn(10, 2, requires_grad=True), torch.randn(10, 1, requires_grad=True))
    assert not w.requires_grad and not b.requires_grad


# Where there is no answer, or more than one

DEPENDENT = {
    "constant": lambda X: torch.full_like(X[:, 0], 0.1),
    "large constant": lambda X: torch.full_like(X[:, 0], 1234567.8),
    "zeros": lambda X: torch.zeros_like(X[:, 0]),
    "duplicate": lambda X: X[:, 0],
    "multiple": lambda X: X[:, 1] * 10.7639,
    "affine": lambda X: X[:, 0] * 1.8 + 32,
    "sum": lambda X: X[:, 0] + X[:, 1],
    "mean": lambda X: X.mean(dim=1),
}


@DTYPES
@pytest.mark.parametrize("kind", DEPENDENT)
@pytest.mark.parametrize("scale", [(1, 1, 1), (1e-6, 1, 1e6), (1e9, 1e-9, 1)])
@pytest.mark.parametrize("place", [0, 3])
def test_dependent_columns_raise_and_the_message_names_both_ranks(kind, scale, place, dtype):
    X = ((torch.randn(200, 3, dtype=torch.float64) + 0.5) * torch.tensor(scale)).to(dtype)
    X = torch.cat([X[:, :place], DEPENDENT[kind](X).reshape(-1, 1), X[:, place:]], dim=1)
    with pytest.raises(ValueError, match="have rank 4, and rank 5 is needed: a feature is constant"):
        least_squares(X, torch.randn(200, 1, dtype=dtype))


def test_dependent_columns_are_caught_among_many_examples():
    X = torch.randn(300_000, 2, dtype=torch.float64) + 5
    X = torch.cat([DEPENDENT["affine"](X).reshape(-1, 1), X], dim=1)
    with pytest.raises(ValueError, match="have rank 3, and rank 4"):
        least_squares(X, X[:, :1])


@DTYPES
def test_too_few_examples_raise(dtype):
    with pytest.raises(ValueError, match="have rank 3, and rank 4 is needed: only 3 examples"):
        least_squares(torch.randn(3, 3, dtype=dtype), torch.randn(3, 1, dtype=dtype))
    with pytest.raises(ValueError, match="have rank 1, and rank 2 is needed: only 1 examples"):
        least_squares(torch.randn(1, 1, dtype=dtype), torch.randn(1, 1, dtype=dtype))


@pytest.mark.parametrize("dtype, spread", [(torch.float32, 1e-6), (torch.float64, 2e-15)])
def test_a_feature_that_hardly_varies_counts_as_constant_at_the_documented_spread(dtype, spread):
    wave = torch.tensor([[1.0], [-1.0]] * 10, dtype=torch.float64)
    y = torch.randn(20, 1, dtype=dtype)
    least_squares((1 + 4 * spread * wave).to(dtype), y)
    with pytest.raises(ValueError, match="rank"):
        least_squares((1 + spread / 4 * wave).to(dtype), y)


def test_the_formula_does_not_raise_reliably_on_a_constant_feature():
    X, y = synthetic_data(torch.tensor([2, -3.4]), 4.2, 1000)
    losses = []
    for c in range(1, 41):
        X_c = torch.cat([X, torch.full_like(y, c / 10)], dim=1)
        try:
            w, b = normal_equations(X_c, y)
        except torch.linalg.LinAlgError:
            continue
        losses.append(((X_c @ w + b - y) ** 2).mean().item() / 2)
    assert max(losses) > 0.05  # a thousand times the least


def test_the_formula_raises_on_an_exact_zero():
    with pytest.raises(torch.linalg.LinAlgError):
        normal_equations(torch.zeros(5, 1), torch.ones(5, 1))


# Wrong input

GOOD_X, GOOD_y = torch.arange(6.0).reshape(3, 2) ** 2, torch.ones(3, 1)


@BOTH
@pytest.mark.parametrize(
    "X, y, error, match",
    [
        ([[1.0, 2.0]], GOOD_y, TypeError, "features must be a torch.Tensor"),
        (GOOD_X, [1.0, 2.0, 3.0], TypeError, "labels must be a torch.Tensor"),
        (GOOD_X.long(), GOOD_y, TypeError, "features must hold floats"),
        (GOOD_X, GOOD_y.long(), TypeError, "labels must hold floats"),
        (GOOD_X, GOOD_y.double(), TypeError, "share a dtype"),
        (GOOD_X[:, 0], GOOD_y, ValueError, r"features must have shape \(n, d\)"),
        (GOOD_X, GOOD_y[:, 0], ValueError, r"labels must have shape \(n, 1\)"),
        (GOOD_X, GOOD_y.expand(3, 2), ValueError, r"labels must have shape \(n, 1\)"),
        (GOOD_X, GOOD_y[:2], ValueError, "as many, got 3 and 2"),
        (GOOD_X[:0], GOOD_y[:0], ValueError, "empty"),
        (GOOD_X[:, :0], GOOD_y, ValueError, "empty"),
        (GOOD_X / 0, GOOD_y, ValueError, "features must be finite"),
        (GOOD_X, GOOD_y * math.nan, ValueError, "labels must be finite"),
    ],
)
def test_wrong_input_raises(solve, X, y, error, match):
    with pytest.raises(error, match=match):
        solve(X, y)


def test_products_are_as_good_as_in_twice_the_precision():
    A = torch.randn(3, 101, dtype=torch.float64)
    x = torch.randn(101, 1, dtype=torch.float64)
    A = torch.cat([A, A, 1e-12 * A[:, :7]], dim=1)  # cancels to 12 digits and more
    x = torch.cat([x, -x, x[:7]])
    truth = [sum(Fraction(a) * Fraction(v) for a, v in zip(row, x.flatten().tolist())) for row in A.tolist()]
    assert digits(closed_form._matmul(A, x).flatten().tolist(), truth) > 15.5
