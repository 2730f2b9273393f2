"""set_seed fixes every draw and the number of threads."""

import random

import pytest
import torch

from linear_regression.reproducible import set_seed


def test_equal_seeds_give_equal_draws_on_one_thread():
    draws = []
    for _ in range(2):
        set_seed(42)
        draws.append((torch.randn(3).tolist(), random.random()))
    assert draws[0] == draws[1]
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (2**32, ValueError), (1.0, TypeError), (None, TypeError)])
def test_a_bad_seed_is_named(seed, error):
    with pytest.raises(error, match="seed must"):
        set_seed(seed)
