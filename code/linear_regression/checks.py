"""What the functions that take a reader's data ask of it: each check names what came and what was expected."""

import math
import numbers

import torch


def floats(name, tensor, shape):
    """Raise unless `tensor` is a finite float tensor of `shape`; a letter in `shape` stands for any size above 0.

    name: how the caller calls it, for the message. shape: for example ("n", "d") or (2, 1).
    Raises TypeError (not a tensor, or no float) or ValueError (shape, emptiness, NaN, infinity).
    """
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, got {type(tensor).__name__}")
    if not tensor.is_floating_point():
        raise TypeError(f"{name} must hold floats (float32 or float64), got {tensor.dtype}; convert with .float()")
    wanted = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
    fits = tensor.dim() == len(shape) and all(
        isinstance(want, str) or size == want for size, want in zip(tensor.shape, shape)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {wanted}, got {tuple(tensor.shape)}")
    if tensor.numel() == 0:
        raise ValueError(f"{name} is empty: shape {tuple(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        bad = (~torch.isfinite(tensor)).sum().item()
        raise ValueError(f"{name} must be finite, got {bad} NaN or infinite value(s) in shape {tuple(tensor.shape)}")


def examples(features, labels):
    """Raise unless features are floats of shape (n, d), and labels of shape (n, 1) and the same dtype.

    Raises TypeError or ValueError.
    """
    floats("features", features, ("n", "d"))
    floats("labels", labels, ("n", 1))
    if len(features) != len(labels):
        raise ValueError(f"features and labels must be as many, got {len(features)} and {len(labels)}")
    if features.dtype != labels.dtype:
        raise TypeError(f"features and labels must share a dtype, got {features.dtype} and {labels.dtype}")


def count(name, value):
    """Raise unless `value` is a whole number of 1 or more. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {type(value).__name__} {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be 1 or more, got {value}")


def rate(name, value):
    """Raise unless `value` is a finite number above 0. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {type(value).__name__} {value!r}")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be finite and above 0, got {value}")


def seed(value):
    """Raise unless `value` is a whole number from 0 to 2**32 - 1. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"seed must be an int, got {type(value).__name__} {value!r}")
    if not 0 <= value < 2**32:
        raise ValueError(f"seed must lie in 0 … 2**32 - 1, got {value}")
