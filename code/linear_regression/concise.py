"""Linear regression from the framework's own parts: torch.nn, torch.optim and a DataLoader.

The same model and loop as in `scratch`. Mind the factor: `torch.nn.MSELoss` has no ½, so that at the same learning
rate a step is twice as long as there. Source: the parts are those of Dive into Deep Learning (https://d2l.ai, section
3.3 of the earlier edition), written afresh.
"""

import torch
from torch import nn

from linear_regression import checks
from linear_regression.data import load_array


def make_net(d):
    """Return nn.Sequential(nn.Linear(d, 1)): weight of shape (1, d) from N(0, 0.01²), bias of shape (1,) zero.

    d: the number of features. Raises TypeError or ValueError where it is not a whole number of 1 or more.
    """
    checks.count("d", d)
    net = nn.Sequential(nn.Linear(d, 1))
    nn.init.normal_(net[0].weight, mean=0, std=0.01)
    nn.init.zeros_(net[0].bias)
    return net


def train(net, features, labels, lr=0.03, num_epochs=3, batch_size=10, loss=nn.functional.mse_loss):
    """Train `net` in place by minibatch SGD and return the loss over all examples after each epoch.

    net: an nn.Module that maps (B, d) to predictions (B, 1) (see `make_net`).
    features: shape (n, d). labels: shape (n, 1). Floats of the dtype of the parameters, finite.
    lr: the learning rate η, above 0. num_epochs: passes over the data. batch_size: examples an update;
    more than n means all n.
    loss: called as loss(y_hat, y), returns the mean loss of the examples, one number; by default what nn.MSELoss()
    computes, the mean squared error without ½.

    Returns a list of num_epochs floats, by default in the unit of the labels squared. Infinity or NaN in it means that
    lr is too large for these data.
    Raises TypeError or ValueError, naming what came and what was expected, before any parameter is changed.
    """
    _check_net(net, features, labels, loss)
    checks.rate("lr", lr)
    checks.count("num_epochs", num_epochs)
    checks.count("batch_size", batch_size)
    data_iter = load_array((features, labels), batch_size)
    trainer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter:
            l = loss(net(X), y)
            trainer.zero_grad()
            l.backward()
            trainer.step()
        with torch.no_grad():
            losses.append(loss(net(features), labels).item())
    return losses


def _check_net(net, features, labels, loss):
    """Raise TypeError or ValueError unless net, the data and the loss fit each other."""
    checks.examples(features, labels)
    if not isinstance(net, nn.Module):
        raise TypeError(f"net must be a torch.nn.Module, got {type(net).__name__}")
    for name, param in net.named_parameters():
        checks.floats(name, param, param.shape)
        if param.dtype != features.dtype:
            raise TypeError(f"{name} and features must share a dtype, got {param.dtype} and {features.dtype}")
    if not any(param.requires_grad for param in net.parameters()):
        raise ValueError("net has no parameter with requires_grad=True, so nothing can be learned")
    with torch.no_grad():
        try:
            y_hat = net(features)
        except RuntimeError as error:
            raise ValueError(f"net does not take features of shape {tuple(features.shape)}: {error}") from error
        if y_hat.shape != labels.shape:
            raise ValueError(f"net must return predictions of shape {tuple(labels.shape)}, got {tuple(y_hat.shape)}")
        l = loss(y_hat, labels)
        if l.numel() != 1:
            raise ValueError(f"loss must return one number, the mean of the examples' losses, got shape {tuple(l.shape)}")
