"""What each route costs: handing out minibatches, and finding the line. Prints two tables of ratios.

    .venv/bin/python tools/benchmark_batches.py

1,000 examples, batch size 10, one thread. The routes take turns, round after round, so that whatever else the machine
does slows all of them alike; in its turn a route runs twice, and the second run is timed, so that none pays for the
caches that another left cold. `ratio` compares the medians, `best` the shortest times, which other work disturbs least.
On another machine the milliseconds differ; it is the ratios that should return.

Exits with 1 where a claim of book/concise/three-routes.md does not hold, in the medians or in the shortest times.
"""

import os
import platform
import statistics
import sys
import time
from unittest import mock

import torch

from linear_regression import concise, scratch
from linear_regression.closed_form import least_squares
from linear_regression.data import data_iter, load_array, permuted_batches, synthetic_data
from linear_regression.reproducible import set_seed

BATCH_SIZE, NUM_EPOCHS = 10, 3
CLAIMS = {"data_iter": 5, "DataLoader": 20}  # at least so many times as slow as permuted_batches


def main():
    set_seed(0)
    features, labels = synthetic_data(torch.tensor([2, -3.4]), 4.2, 1000)
    print(f"torch {torch.__version__}, Python {platform.python_version()}, {platform.machine()}, "
          f"{os.cpu_count()} cores, {torch.get_num_threads()} thread")

    ratios = compare("one pass over the minibatches", passes(features, labels), rounds=200)
    compare(f"w and b ({NUM_EPOCHS} epochs, or solved once)", solutions(features, labels), rounds=20)

    print()
    failed = [name for name, claim in CLAIMS.items() if min(ratios[name]) < claim]
    for name, claim in CLAIMS.items():
        median, best = ratios[name]
        verdict = f"{'DOES NOT HOLD' if name in failed else 'holds'} ({median:.1f}, best {best:.1f})"
        print(f"{name} takes {claim} times as long as permuted_batches or more: {verdict}")
    sys.exit(1 if failed else 0)


def passes(features, labels):
    """Return the ways to hand out every example once, by name."""
    loader = load_array((features, labels), BATCH_SIZE)
    batches = {
        "permuted_batches": lambda: permuted_batches(BATCH_SIZE, features, labels),
        "data_iter": lambda: data_iter(BATCH_SIZE, features, labels),
        "DataLoader": lambda: loader,
    }
    return {name: lambda make=make: exhaust(make()) for name, make in batches.items()}


def exhaust(batches):
    """Take all batches, and do nothing with them."""
    for X, y in batches:
        pass


def solutions(features, labels):
    """Return the ways to find w and b, by name."""

    def from_scratch(batches):
        with mock.patch.object(scratch, "data_iter", batches):
            scratch.train(scratch.init_params(2), features, labels, num_epochs=NUM_EPOCHS, batch_size=BATCH_SIZE)

    def concisely():
        concise.train(concise.make_net(2), features, labels, num_epochs=NUM_EPOCHS, batch_size=BATCH_SIZE)

    def lstsq():
        X_tilde = torch.cat([features, torch.ones_like(labels)], dim=1)
        return torch.linalg.lstsq(X_tilde, labels).solution

    return {
        "torch.linalg.lstsq": lstsq,
        "closed_form.least_squares": lambda: least_squares(features, labels),
        "scratch, permuted_batches": lambda: from_scratch(permuted_batches),
        "scratch, data_iter": lambda: from_scratch(data_iter),
        "concise, DataLoader": concisely,
    }


def compare(title, routes, rounds):
    """Time the routes in turns, print a table, and return {name: (ratio of medians, ratio of shortest times)}.

    routes: functions to be called, by name; the ratios are to the first of them.
    """
    times = {name: [] for name in routes}
    for _ in range(rounds):
        for name, route in routes.items():
            route()
            start = time.perf_counter()
            route()
            times[name].append(time.perf_counter() - start)
    first = next(iter(times.values()))
    print(f"\n{title:38} {'median, ms':>10} {'ratio':>8} {'best':>8}")
    ratios = {}
    for name, spent in times.items():
        median, best = statistics.median(spent), min(spent)
        ratios[name] = median / statistics.median(first), best / min(first)
        print(f"{name:38} {1000 * median:10.3f} {ratios[name][0]:8.1f} {ratios[name][1]:8.1f}")
    return ratios


if __name__ == "__main__":
    main()
