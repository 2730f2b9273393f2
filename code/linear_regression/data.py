"""The synthetic data set and its minibatches.

All but `permuted_batches` are those of Dive into Deep Learning (https://d2l.ai, section 3.3 of 1.0 and sections 3.2 and
3.3 of the earlier edition, from which the article took them): same names, same meaning, written afresh.
None of them checks its arguments, so that they stay the formulas that the lessons show; `scratch.train` and
`concise.train` check.
"""

import random

import torch
from torch.utils.data import DataLoader, TensorDataset


def synthetic_data(w, b, num_examples):
    """Draw examples of y = Xw + b + ε, with X from N(0, 1) and ε from N(0, 0.01²).

    w: the true weights, shape (d,).
    b: the true bias, a number.
    num_examples: n, how many examples to draw.

    Returns (X, y): features of shape (n, d), labels as a column of shape (n, 1).
    Source: d2l's `synthetic_data`; with equal seeds both give the same numbers.
    """
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = torch.matmul(X, w) + b
    y += torch.normal(0, 0.01, y.shape)
    return X, y.reshape((-1, 1))


def data_iter(batch_size, features, labels):
    """Yield the examples once each, in random order, batch_size at a time; the last batch may be smaller.

    features: shape (n, d). labels: shape (n, 1).

    Yields (X, y) of shapes (B, d) and (B, 1), where B is batch_size but in the last batch.
    The order comes from Python's `random`. Source: d2l's `data_iter` (earlier edition).
    """
    indices = list(range(len(features)))
    random.shuffle(indices)
    for i in range(0, len(indices), batch_size):
        batch = torch.tensor(indices[i : i + batch_size])
        yield features[batch], labels[batch]


def load_array(data_arrays, batch_size, is_train=True):
    """Return a DataLoader over tensors in memory: each pass yields every example once, batch_size at a time.

    data_arrays: tensors with equally many rows, for example (features, labels) of shapes (n, d) and (n, 1).
    is_train: True shuffles the examples anew for every pass, False keeps their order.

    A pass yields one list a batch, for example [X, y] of shapes (B, d) and (B, 1), where B is batch_size but in the
    last batch. The order comes from torch's seed. Checks nothing itself; TensorDataset and DataLoader check a little.
    Source: d2l's `load_array` (earlier edition; still in the package d2l 1.0.3).
    """
    dataset = TensorDataset(*data_arrays)
    return DataLoader(dataset, batch_size, shuffle=is_train)


def permuted_batches(batch_size, features, labels, generator=None):
    """Yield what `data_iter` yields, faster: rows are put in random order many at a time, then cut into slices.

    features: shape (n, d). labels: shape (n, 1).
    generator: the torch.Generator that draws the order; without one, torch's own (see `set_seed`).

    Yields (X, y) of shapes (B, d) and (B, 1), where B is batch_size but in the last batch. They are views of a permuted
    copy of up to 100 batches, so that a pass needs little memory, and writing to a batch leaves the data alone.
    """
    order = torch.randperm(len(features), generator=generator)
    span = 100 * batch_size  # the rows to copy at a time; all at once would take the memory of the data again
    for i in range(0, len(order), span):
        rows = order[i : i + span]
        X, y = features.index_select(0, rows), labels.index_select(0, rows)
        yield from zip(X.split(batch_size), y.split(batch_size))
