"""The one home of the seed and of the one-thread setting."""

import random

import torch

from linear_regression import checks


def set_seed(seed=0):
    """Start the random numbers of `random` and `torch` at `seed`, and compute on one thread.

    Several threads may add the same numbers in another order, which changes the last digits;
    one thread makes a page print the same text on every run.

    seed: a whole number from 0 to 2**32 - 1.
    Raises TypeError where seed is not an int, ValueError where it is out of that range.
    """
    checks.seed(seed)
    random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
