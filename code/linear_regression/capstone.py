"""What the capstone asks of a piece of work, and which of it is still missing, in words."""

import math
import numbers

import torch

from linear_regression import checks
from linear_regression.practice import rmse

TEXTS = {
    "question": "what is predicted, from what, for whom",
    "unit": "the unit of the label, for example dollars",
    "residuals": "what a look at the validation residuals showed",
    "limits": "where the model should not be used, or what it cannot say",
}
PARTS = ("train", "validation", "test")


def check(submission):
    """Print what is missing in `submission`, one line each, or that nothing is. Returns None; see `missing`."""
    found = missing(submission)
    print(f"{len(found)} missing:" if found else "complete: nothing that a program can see is missing")
    for line in found:
        print("-", line)


def missing(submission):
    """Return what `submission` lacks, as a list of sentences; an empty list when it is complete.

    submission: a dict with
    question, unit, residuals, limits: text. residuals and limits: at least 20 characters.
    data: (X, y), all examples, shapes (n, d) and (n, 1), floats of one dtype, finite.
    train, validation, test: (X, y), which together hold every example of data once; the smallest has 10 or more.
    predict: a function of X (m, d) that returns predictions (m, 1), in the unit of y.
    baseline: the RMSE on validation of the mean of train's labels.
    candidates: {name: RMSE on validation} of two models or more. chosen: the name of the one that predict is.
    test_rmse: the RMSE of predict on test. test_looks: how often test was used; only its author can know.

    Numbers must agree with what is computed here to 0.1 %. Never raises over what a submission holds.
    """
    if not isinstance(submission, dict):
        return [f"submission must be a dict, got {type(submission).__name__}"]
    found = [line for name, meaning in TEXTS.items() for line in _text(submission, name, meaning)]
    parts, lines = _data(submission)
    found += lines
    predict = submission.get("predict")
    if not callable(predict):
        found.append("predict: a function that takes features (m, d) and returns predictions (m, 1)")
        predict = None
    errors = {}
    if parts:
        errors["baseline"] = _rmse_of_mean(parts)
        if predict:
            errors["validation"], errors["test"], lines = _tried(predict, parts)
            found += lines
    found += _number("baseline", submission.get("baseline"), errors.get("baseline"))
    found += _choice(submission, errors)
    found += _number("test_rmse", submission.get("test_rmse"), errors.get("test"))
    looks = submission.get("test_looks")
    if isinstance(looks, bool) or not isinstance(looks, int):
        found.append("test_looks: how often the test set was used, an int")
    elif looks != 1:
        found.append(f"test_looks: the test set is for one use, at the end; it was used {looks} times")
    return found


def _text(submission, name, meaning):
    """Yield what the text called `name` lacks."""
    text = submission.get(name)
    if not isinstance(text, str) or not text.strip():
        yield f"{name}: {meaning}"
    elif name in ("residuals", "limits") and len(text.strip()) < 20:
        yield f"{name}: {text.strip()!r} is too short to say {meaning}"


def _data(submission):
    """Return (the three parts or None, what they lack)."""
    pairs, found = {}, []
    for name in ("data", *PARTS):
        try:
            X, y = submission[name]
            checks.examples(X, y)
            pairs[name] = X.detach(), y.detach()
        except KeyError:
            found.append(f"{name}: a pair (X, y)")
        except (TypeError, ValueError) as error:
            found.append(f"{name}: must be a pair (X, y) of tensors; {error}")
    if "data" in pairs:
        found += _disguised_labels(*pairs["data"])
    if len(pairs) < 4:
        return None, found
    if len({X.dtype for X, _ in pairs.values()}) > 1:
        found.append("data, train, validation, test: must share a dtype")
        return None, found
    rows = {name: list(map(tuple, torch.cat(pair, dim=1).tolist())) for name, pair in pairs.items()}
    if sorted(rows["data"]) != sorted(row for name in PARTS for row in rows[name]):
        sizes = " + ".join(str(len(rows[name])) for name in PARTS)
        n = len(rows["data"])
        found.append(f"train, validation, test: together ({sizes}) they do not hold each of the {n} examples once")
        return None, found
    for name in PARTS:
        if len(rows[name]) < 10:
            found.append(f"{name}: {len(rows[name])} examples say too little; give it 10 or more")
    return {name: pairs[name] for name in PARTS}, found


def _disguised_labels(X, y):
    """Yield a sentence for every feature that puts the examples in the label's order, as the label's logarithm does."""
    for j in range(X.shape[1]):
        x = X[:, j]
        step = y[x.argsort(), 0].diff()
        if len(x.unique()) > 2 and ((step >= 0).all() or (step <= 0).all()):
            yield f"data: feature {j} sorts the examples exactly as the label does; is it the label in disguise?"


def _rmse_of_mean(parts):
    y = parts["validation"][1]
    return rmse(parts["train"][1].mean().expand_as(y), y)


def _tried(predict, parts):
    """Return (RMSE on validation, RMSE on test, what predict lacks); the RMSEs are None where it fails."""
    try:
        found, errors = [], []
        for name in ("validation", "test"):
            X, y = parts[name]
            y_hat = predict(X.clone()).detach()
            errors.append(rmse(y_hat, y))
            if (predict(X[:1].clone()).detach() - y_hat[:1]).abs().item() > 1e-4 * y.abs().max():
                found = ["predict: an example alone gets another prediction than among others; is a mean taken over X?"]
        return *errors, found
    except Exception as error:  # the reader's function may fail in any way: that, too, is told in words
        return None, None, [f"predict: fails on the validation or the test set: {type(error).__name__}: {error}"]


def _choice(submission, errors):
    """Yield what the choice among the candidates lacks."""
    candidates, chosen = submission.get("candidates"), submission.get("chosen")
    if not isinstance(chosen, str):
        yield "chosen: the name of one of the candidates"
    if not isinstance(candidates, dict) or len(candidates) < 2 or not all(map(_is_number, candidates.values())):
        yield "candidates: two models or more, {name: RMSE on the validation set}"
        return
    if not isinstance(chosen, str):
        return
    if chosen not in candidates:
        yield f"chosen: {chosen!r} is none of the candidates"
        return
    best = min(candidates, key=candidates.get)
    if candidates[chosen] > candidates[best]:
        yield f"chosen: {chosen!r}, yet {best!r} has the smaller RMSE on the validation set"
    yield from _number(f"candidates[{chosen!r}]", candidates[chosen], errors.get("validation"))
    if "baseline" in errors and candidates[chosen] >= errors["baseline"]:
        yield "chosen: no better than the baseline on the validation set"


def _number(name, value, computed):
    """Yield what the number lacks; computed: what it must be, or None where that is unknown."""
    if not _is_number(value):
        yield f"{name}: a number, in the unit of the label"
    elif computed is not None and abs(value - computed) > 1e-3 * computed:
        yield f"{name}: {value:.4g} is given, and {computed:.4g} comes out here"


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
