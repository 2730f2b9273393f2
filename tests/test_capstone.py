"""missing() is empty for complete work, and names in words what incomplete work lacks; it never raises over it."""

import pytest
import torch

from linear_regression.capstone import check, missing
from linear_regression.closed_form import least_squares
from linear_regression.practice import mean_std, rmse, split, standardise


def complete():
    """Return a complete submission on 100 examples."""
    random = torch.Generator().manual_seed(0)
    X, noise = torch.randn(100, 3, generator=random, dtype=torch.float64).split([2, 1], dim=1)
    y = X @ torch.tensor([[2.0], [-3.4]], dtype=torch.float64) + noise
    train, validation, test = split(X, y)

    def fit(k):
        w, b = least_squares(train[0][:, :k], train[1])
        return lambda X: X[:, :k] @ w + b

    models = {"one": fit(1), "two": fit(2)}
    return {
        "question": "what is y?",
        "unit": "dollars",
        "data": (X, y),
        "train": train,
        "validation": validation,
        "test": test,
        "baseline": rmse(train[1].mean().expand_as(validation[1]), validation[1]),
        "candidates": {name: rmse(model(validation[0]), validation[1]) for name, model in models.items()},
        "chosen": "two",
        "predict": models["two"],
        "test_rmse": rmse(models["two"](test[0]), test[1]),
        "test_looks": 1,
        "residuals": "no pattern against the prediction, spread about one everywhere",
        "limits": "drawn at random, so it says nothing about any real thing",
    }


def test_complete_work_lacks_nothing(capsys):
    assert missing(complete()) == []
    check(complete())
    assert capsys.readouterr().out == "complete: nothing that a program can see is missing\n"


@pytest.mark.parametrize("name", complete())
def test_a_name_left_out_is_named(name):
    submission = complete()
    del submission[name]
    assert any(line.startswith(name) for line in missing(submission))


def test_an_empty_submission_and_no_dict_are_told_in_words(capsys):
    assert len(missing({})) == len(complete())
    assert missing(None) == ["submission must be a dict, got NoneType"]
    check({"unit": "m"})
    assert capsys.readouterr().out.startswith("13 missing:\n- ")


@pytest.mark.parametrize("value", [None, 7, "", (1, 2), [], {}, torch.zeros(0), float("nan"), lambda: 0])
@pytest.mark.parametrize("name", complete())
def test_nothing_that_a_submission_holds_makes_it_raise(name, value):
    submission = complete() | {name: value}
    found = missing(submission)
    assert all(isinstance(line, str) for line in found)
    assert any(line.startswith(name) for line in found)


def only(changes):
    """Return the one sentence that complete work with these changes gets."""
    (line,) = missing(complete() | changes)
    return line


def test_examples_that_are_shared_or_lost_are_found():
    whole = complete()["data"]
    submission = complete() | {name: whole for name in ("train", "validation", "test")}
    assert any("do not hold each of the 100 examples once" in line for line in missing(submission))
    X, y = complete()["test"]
    assert "60 + 20 + 19" in only({"test": (X[1:], y[1:])})


def test_equal_examples_in_two_parts_are_no_fault():
    X, y = (torch.cat([part, part]) for part in complete()["data"])
    order = torch.arange(200)
    submission = complete() | {"data": (X, y)}
    submission |= {name: (X[k], y[k]) for name, k in zip(("train", "validation", "test"), order.split([100, 60, 40]))}
    assert not any("examples once" in line for line in missing(submission))


def test_parts_of_another_dtype_are_named():
    X, y = complete()["test"]
    whole = {name: tuple(part.round() for part in complete()[name]) for name in ("data", "train", "validation", "test")}
    lines = missing(complete() | whole | {"test": (X.round().float(), y.round().float())})
    assert "data, train, validation, test: must share a dtype" in lines


def test_a_part_that_is_too_small_is_named():
    X, y = complete()["data"]
    submission = complete() | {
        name: (X[k], y[k]) for name, k in zip(("train", "validation", "test"), torch.arange(100).split([60, 35, 5]))
    }
    assert "test: 5 examples say too little; give it 10 or more" in missing(submission)


def test_the_label_in_disguise_is_found_and_a_column_of_zeros_and_ones_is_not():
    X, y = complete()["data"]
    sorts = torch.cat([X, -y.exp(), (y > 0).double()], dim=1)
    lines = missing(complete() | {"data": (sorts, y)})
    assert [line for line in lines if "disguise" in line] == [
        "data: feature 2 sorts the examples exactly as the label does; is it the label in disguise?"
    ]


def test_statistics_of_the_predicted_data_are_found():
    submission = complete()
    (X, y), model = submission["train"], submission["predict"]
    w, b = least_squares(standardise(X, *mean_std(X)), y)

    def predict(X):
        if len(X) == 1:
            return model(X)
        return standardise(X, *mean_std(X)) @ w + b

    assert any("alone gets another prediction" in line for line in missing(submission | {"predict": predict}))


def test_a_failing_predict_is_told_in_words():
    line = only({"predict": lambda X: X.no_such_thing})
    assert line.startswith("predict: fails on the validation or the test set: AttributeError")


@pytest.mark.parametrize("name", ["baseline", "test_rmse"])
def test_a_number_that_does_not_come_out_is_named(name):
    assert only({name: 2 * complete()[name]}).startswith(f"{name}: ")


def test_the_choice_is_the_best_on_validation():
    candidates = complete()["candidates"]
    assert "the smaller RMSE" in only({"candidates": candidates | {"three": candidates["two"] / 2}})
    assert only({"candidates": {"two": candidates["two"]}}).startswith("candidates: two models")
    assert only({"chosen": "four"}) == "chosen: 'four' is none of the candidates"


def test_a_model_no_better_than_the_mean_is_named():
    submission = complete()
    mean = submission["train"][1].mean()
    submission["predict"] = lambda X: mean.expand(len(X), 1)
    submission["candidates"] = {"two": submission["baseline"], "worse": 2 * submission["baseline"]}
    submission["test_rmse"] = rmse(submission["predict"](submission["test"][0]), submission["test"][1])
    assert missing(submission) == ["chosen: no better than the baseline on the validation set"]


def test_the_test_set_is_for_one_use():
    assert "used 3 times" in only({"test_looks": 3})


@pytest.mark.parametrize("name", ["residuals", "limits"])
def test_a_word_is_no_sentence(name):
    assert "too short" in only({name: "none"})
