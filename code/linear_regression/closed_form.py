"""Linear regression in one go: the best weights and bias from a formula, not step by step.

`normal_equations` is the formula of the article and of d2l (https://d2l.ai, section 3.1.1.3 of 1.0). `least_squares` is
the one to use: the same minimiser without that formula's loss of digits.
"""

import torch

from linear_regression import checks

CORRECTIONS = 3  # enough for the last digit wherever the rank suffices; tests/test_closed_form.py holds that


def normal_equations(X, y):
    """Return (w, b) by the article's formula, w̃ = (X̃ᵀX̃)⁻¹X̃ᵀy with X̃ = [X 1]. For comparison: use `least_squares`.

    X: features, shape (n, d), without a column of ones. y: labels, shape (n, 1). Floats of one dtype, finite.

    Returns w of shape (d, 1), in units of y per unit of its feature, and b of shape (1,), in units of y; X's dtype.
    X̃ᵀX̃ has the square of X̃'s condition number, and the inverse loses digits accordingly.
    Raises TypeError or ValueError where X or y is not as above, and torch.linalg.LinAlgError where the elimination
    meets an exact zero. With dependent columns it often does not: rounding leaves a small number there, and
    then w and b come out as large, meaningless numbers, without an error.
    """
    checks.examples(X, y)
    X_tilde = torch.cat([X, torch.ones_like(y)], dim=1)
    w_tilde = torch.linalg.inv(X_tilde.T @ X_tilde) @ X_tilde.T @ y
    return w_tilde[:-1], w_tilde[-1]


def least_squares(X, y):
    """Return the (w, b) for which the mean of ½(Xw + b − y)² is least, right to about the last digit of X's dtype.

    X: features, shape (n, d), without a column of ones. y: labels, shape (n, 1). Floats of one dtype, finite.

    Returns w of shape (d, 1), in units of y per unit of its feature, and b of shape (1,), in units of y; X's dtype.
    Raises TypeError or ValueError where X or y is not as above. Raises ValueError, naming the rank found and the rank
    needed, where the columns of X̃ = [X 1] are dependent, so that many (w, b) share the minimum: n < d + 1, a
    constant feature, or a feature that is a multiple of another, a sum of others, and so on.

    The rank is a numerical one: with each feature centred and divided by its largest entry, it counts the singular
    values of X̃ above 4(d + 1)·eps times the largest, eps being that of X's dtype. What lies below cannot be told
    from the rounding of the entries: in float32 a lone feature counts as constant when its standard deviation is
    under about 10⁻⁶ of its largest entry, in float64 under about 2·10⁻¹⁵.

    Source: Householder QR, then the iterative refinement of Björck (BIT 7, 1967, pages 257–278). All of it in float64,
    residuals in twice that precision: it takes 50 to 100 times as long as torch.linalg.lstsq.
    """
    checks.examples(X, y)
    X, y = X.detach(), y.detach()
    A, y = torch.cat([X, torch.ones_like(y)], dim=1).double(), y.double()
    Q, P = _orthonormal(A, torch.finfo(X.dtype).eps)
    v = Q.T @ y
    w, r = P @ v, y - Q @ v
    for _ in range(CORRECTIONS):  # of weights w and residual r, towards A w + r = y and Aᵀ r = 0
        f = _matmul(torch.cat([A, r, y], dim=1), torch.cat([-w, w.new_tensor([[-1], [1]])]))
        g = _matmul(A.T, -r)
        v = Q.T @ f - P.T @ g
        w, r = w + P @ v, r + f - Q @ v
    return w[:-1].to(X.dtype), w[-1].to(X.dtype)


def _orthonormal(A, eps):
    """Return (Q, P) such that Q = A P has orthonormal columns; A's last column is ones, its others known up to eps.

    Raises ValueError where the columns of A are dependent. Centring keeps that test sharp: without it the rounding of Q
    and R grows with n.
    """
    mean, size = A.mean(dim=0), A.abs().amax(dim=0)
    mean[-1], size[size == 0] = 0, 1
    Q, R = torch.linalg.qr((A - mean) / size)
    sizes, needed = torch.linalg.svdvals(R), A.shape[1]
    rank = (sizes > 4 * needed * eps * sizes[0]).sum().item()
    if rank < needed:
        reason = f"only {len(A)} examples" if len(A) < needed else "a feature is constant, or a combination of others"
        raise ValueError(f"the columns of [X 1] have rank {rank}, and rank {needed} is needed: {reason}")
    T = torch.diag(1 / size)
    T[-1] -= mean / size  # (A - mean) / size = A T
    return Q, torch.linalg.solve_triangular(R, T, upper=True, left=False)


def _matmul(A, x):
    """Return A @ x, shapes (m, k) and (k, 1), as if in twice float64's precision, then rounded.

    Every product and every sum is followed by its own rounding error, which float64 can hold (Dekker, Knuth).
    """
    x = x.T
    A_high, x_high = _high(A), _high(x)
    A_low, x_low = A - A_high, x - x_high
    terms = A * x
    errors = A_high * x_high - terms + A_high * x_low + A_low * x_high + A_low * x_low
    error = errors.sum(dim=1, keepdim=True)
    while terms.shape[1] > 1:  # add the left half to the right one
        half = terms.shape[1] // 2
        a, b, rest = terms.split([half, half, terms.shape[1] - 2 * half], dim=1)
        s = a + b
        errors = a - (s - (s - a)) + (b - (s - a))
        error += errors.sum(dim=1, keepdim=True)
        terms = torch.cat([s, rest], dim=1)
    return terms + error


def _high(a):
    """Return the numbers of `a` cut to 26 of their 53 bits, so that products of two of them are exact."""
    return (a.view(torch.int64) & -(1 << 27)).view(torch.float64)
