"""Linear regression from tensors and autograd alone.

`linreg`, `squared_loss` and `sgd` are those of Dive into Deep Learning (https://d2l.ai, section 3.4 of 1.0 and
section 3.2 of the earlier edition): same names, same meaning, written afresh. They check nothing; `train` does.
"""

import torch

from linear_regression import checks
from linear_regression.data import data_iter


def init_params(d):
    """Return (w, b), ready to be learned: w of shape (d, 1) from N(0, 0.01²), b of shape (1,) zero.

    d: the number of features. Raises TypeError or ValueError where it is not a whole number of 1 or more.
    """
    checks.count("d", d)
    w = torch.normal(0, 0.01, size=(d, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    return w, b


def linreg(X, w, b):
    """Return the predictions Xw + b, shape (n, 1), of X (n, d), w (d, 1) and b (1,). Source: d2l's `linreg`."""
    return torch.matmul(X, w) + b


def squared_loss(y_hat, y):
    """Return ½(y_hat − y)², one loss an example, in the shape of y_hat. Source: d2l's `squared_loss`.

    y is reshaped to y_hat's shape first: (n,) against (n, 1) would otherwise broadcast to (n, n).
    """
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """Move each parameter by −lr · grad / batch_size, in place, then set its gradient to zero.

    params: tensors whose .grad holds the gradient of the *sum* of a minibatch's losses; the division makes it
    their mean. lr: the learning rate η. Returns None. Source: d2l's `sgd`.
    """
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def train(params, features, labels, lr=0.03, num_epochs=3, batch_size=10, net=linreg, loss=squared_loss):
    """Train `params` in place by minibatch SGD and return the mean loss over all examples after each epoch.

    params: (w, b), of shapes (d, 1) and (1,), both with requires_grad (see `init_params`).
    features: shape (n, d). labels: shape (n, 1). Floats of the dtype of the parameters, finite.
    lr: the learning rate η, above 0. num_epochs: passes over the data. batch_size: examples an update;
    more than n means all n.
    net: called as net(X, w, b), returns predictions (B, 1). loss: called as loss(y_hat, y), returns one loss an example.

    Returns a list of num_epochs floats, in the unit of the labels squared. Infinity or NaN in it means that lr is
    too large for these data.
    Raises TypeError or ValueError, naming what came and what was expected, before anything is changed.
    """
    w, b = _checked_params(params, features, labels)
    checks.rate("lr", lr)
    checks.count("num_epochs", num_epochs)
    checks.count("batch_size", batch_size)
    batch_size = min(batch_size, len(features))
    w.grad = b.grad = None  # what an earlier backward left there is none of this training's
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            loss(net(X, w, b), y).sum().backward()
            sgd([w, b], lr, batch_size)
        with torch.no_grad():
            losses.append(loss(net(features, w, b), labels).mean().item())
    return losses


def _checked_params(params, features, labels):
    """Return params as (w, b), once they and the data fit each other."""
    checks.examples(features, labels)
    params = tuple(params)
    if len(params) != 2:
        raise ValueError(f"params must be (w, b), got {len(params)} value(s)")
    for name, param, shape in zip("wb", params, [(features.shape[1], 1), (1,)]):
        checks.floats(name, param, shape)
        if param.dtype != features.dtype:
            raise TypeError(f"{name} and features must share a dtype, got {param.dtype} and {features.dtype}")
        if not param.requires_grad:
            raise ValueError(f"{name} must have requires_grad=True, or nothing can be learned")
    return params
