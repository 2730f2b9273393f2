"""linear_regression.concise, and the minibatches of linear_regression.data that come from the framework."""

import random

import pytest
import torch
from torch import nn

from linear_regression import concise, scratch
from linear_regression.data import data_iter, load_array, permuted_batches, synthetic_data
from linear_regression.reproducible import set_seed

W, B = torch.tensor([2, -3.4]), 4.2


@pytest.fixture(autouse=True)
def seeded():
    set_seed(0)


@pytest.fixture
def examples():
    """Twenty-five examples whose label is their number, so that a row is known by its label."""
    number = torch.arange(25.0).reshape(-1, 1)
    return torch.cat([number, number * 10], dim=1), number


def numbers(batches):
    return torch.cat([y for _, y in batches]).flatten().tolist()


# load_array


def test_load_array_yields_every_example_once(examples):
    assert sorted(numbers(load_array(examples, 10))) == list(range(25))


def test_load_array_keeps_features_with_their_labels(examples):
    assert all(torch.equal(X, torch.cat([y, y * 10], dim=1)) for X, y in load_array(examples, 10))


def test_load_array_ends_with_a_smaller_batch(examples):
    assert [(X.shape, y.shape) for X, y in load_array(examples, 10)] == [((B, 2), (B, 1)) for B in (10, 10, 5)]


def test_load_array_shuffles_anew_for_every_pass(examples):
    loader = load_array(examples, 10)
    first, second = numbers(loader), numbers(loader)
    assert first != second and list(range(25)) not in (first, second)


def test_load_array_keeps_the_order_when_not_training(examples):
    assert numbers(load_array(examples, 10, is_train=False)) == list(range(25))


def test_load_array_draws_its_order_from_torchs_seed(examples):
    first = numbers(load_array(examples, 10))
    torch.manual_seed(0)
    random.seed(1)
    assert numbers(load_array(examples, 10)) == first


def test_load_array_takes_any_number_of_arrays(examples):
    features, labels = examples
    assert [len(batch) for batch in load_array((features, labels, labels), 25)] == [3]


# permuted_batches


def test_permuted_batches_yields_every_example_once(examples):
    assert sorted(numbers(permuted_batches(10, *examples))) == list(range(25))


def test_permuted_batches_keeps_features_with_their_labels(examples):
    assert all(torch.equal(X, torch.cat([y, y * 10], dim=1)) for X, y in permuted_batches(10, *examples))


def test_permuted_batches_ends_with_a_smaller_batch(examples):
    assert [(X.shape, y.shape) for X, y in permuted_batches(10, *examples)] == [((B, 2), (B, 1)) for B in (10, 10, 5)]


def test_permuted_batches_follows_one_permutation_of_all_examples():
    labels = torch.arange(1005.0).reshape(-1, 1)  # more than 100 batches: rows are copied 100 batches at a time
    batches = list(permuted_batches(10, labels, labels, generator=torch.Generator().manual_seed(7)))
    assert numbers(batches) == torch.randperm(1005, generator=torch.Generator().manual_seed(7)).tolist()
    assert [len(X) for X, _ in batches] == [10] * 100 + [5]


def test_permuted_batches_yields_one_batch_where_batch_size_exceeds_n(examples):
    assert [len(X) for X, _ in permuted_batches(100, *examples)] == [25]


def test_permuted_batches_shuffles_anew_for_every_pass(examples):
    first, second = numbers(permuted_batches(10, *examples)), numbers(permuted_batches(10, *examples))
    assert first != second and list(range(25)) not in (first, second)


def test_permuted_batches_draws_its_order_from_torchs_seed(examples):
    first = numbers(permuted_batches(10, *examples))
    torch.manual_seed(0)
    random.seed(1)
    assert numbers(permuted_batches(10, *examples)) == first


def test_permuted_batches_draws_its_order_from_the_generator_alone(examples):
    first = numbers(permuted_batches(10, *examples, generator=torch.Generator().manual_seed(7)))
    state = torch.get_rng_state()
    again = numbers(permuted_batches(10, *examples, generator=torch.Generator().manual_seed(7)))
    assert again == first and torch.equal(torch.get_rng_state(), state)


def test_permuted_batches_leaves_the_data_alone_when_a_batch_is_written_to(examples):
    features, labels = examples
    before = features.clone(), labels.clone()
    for X, y in permuted_batches(10, features, labels):
        X.zero_()
        y.zero_()
    assert torch.equal(features, before[0]) and torch.equal(labels, before[1])


def test_permuted_batches_can_stand_in_for_data_iter(monkeypatch):
    features, labels = synthetic_data(W, B, 200)
    monkeypatch.setattr(scratch, "data_iter", permuted_batches)
    losses = scratch.train(scratch.init_params(2), features, labels, num_epochs=15)
    assert losses[-1] < 1e-4


# make_net


def test_make_net_is_one_linear_layer_in_a_sequential():
    net = concise.make_net(3)
    assert [type(layer) for layer in net] == [nn.Linear] and isinstance(net, nn.Sequential)


def test_make_net_has_one_weight_a_feature_and_one_bias():
    shapes = {name: tuple(param.shape) for name, param in concise.make_net(3).named_parameters()}
    assert shapes == {"0.weight": (1, 3), "0.bias": (1,)}


def test_make_net_draws_weights_with_standard_deviation_0_01():
    weight = concise.make_net(20_000)[0].weight
    assert weight.std().item() == pytest.approx(0.01, rel=0.03) and abs(weight.mean().item()) < 4e-4


def test_make_net_starts_with_a_bias_of_zero():
    assert concise.make_net(2)[0].bias.item() == 0


def test_make_net_can_be_learned():
    assert all(param.requires_grad and param.is_leaf for param in concise.make_net(2).parameters())


@pytest.mark.parametrize(
    "d, error", [(0, ValueError), (-1, ValueError), (2.0, TypeError), (True, TypeError), ("2", TypeError)]
)
def test_make_net_refuses_what_is_no_number_of_features(d, error):
    with pytest.raises(error, match="d must be"):
        concise.make_net(d)


# train


def test_train_finds_the_true_parameters():
    net = concise.make_net(2)
    concise.train(net, *synthetic_data(W, B, 1000))
    assert torch.allclose(net[0].weight, W.reshape(1, 2), atol=3e-3)
    assert net[0].bias.item() == pytest.approx(B, abs=3e-3)


def test_train_ends_at_the_noise_floor():
    losses = concise.train(concise.make_net(2), *synthetic_data(W, B, 1000))
    assert losses[-1] == pytest.approx(0.01**2, rel=0.2)


def test_train_returns_the_loss_over_all_examples_once_an_epoch():
    features, labels = synthetic_data(W, B, 55)
    net = concise.make_net(2)
    losses = concise.train(net, features, labels, num_epochs=4)
    assert len(losses) == 4 and all(type(loss) is float for loss in losses)
    assert losses[-1] == nn.MSELoss()(net(features), labels).item()


def test_train_changes_the_net_that_it_is_given():
    net = concise.make_net(2)
    weight = net[0].weight
    before = weight.detach().clone()
    concise.train(net, *synthetic_data(W, B, 20), num_epochs=1)
    assert net[0].weight is weight and not torch.equal(weight, before)


def test_train_repeats_itself_with_the_same_seed():
    features, labels = synthetic_data(W, B, 55)
    runs = []
    for _ in range(2):
        torch.manual_seed(1)
        runs.append(concise.train(concise.make_net(2), features, labels))
    assert runs[0] == runs[1]


def test_train_ignores_a_gradient_left_from_before():
    features, labels = synthetic_data(W, B, 20)
    ends = []
    for left in (None, torch.full((1, 2), 1e6)):
        torch.manual_seed(1)
        net = concise.make_net(2)
        net[0].weight.grad = left
        concise.train(net, features, labels, num_epochs=1)
        ends.append(net[0].weight.detach())
    assert torch.equal(*ends)


def test_train_takes_twice_the_step_of_scratch_at_the_same_lr():
    features, labels = synthetic_data(W, B, 20)
    net, (w, b) = concise.make_net(2), scratch.init_params(2)
    with torch.no_grad():
        net[0].weight.zero_(), w.zero_()
    concise.train(net, features, labels, num_epochs=1, batch_size=20)
    scratch.train((w, b), features, labels, num_epochs=1, batch_size=20)
    torch.testing.assert_close(net[0].weight, 2 * w.T)
    torch.testing.assert_close(net[0].bias, 2 * b)


def test_train_at_half_the_lr_follows_scratch_where_batches_divide_the_data(monkeypatch):
    features, labels = (t.double() for t in synthetic_data(W, B, 60))
    monkeypatch.setattr(concise, "load_array", lambda arrays, size: load_array(arrays, size, is_train=False))
    monkeypatch.setattr(scratch, "data_iter", lambda size, *arrays: load_array(arrays, size, is_train=False))
    net = concise.make_net(2).double()
    w, b = net[0].weight.detach().T.clone().requires_grad_(), torch.zeros(1, dtype=torch.float64, requires_grad=True)
    mse = concise.train(net, features, labels, lr=0.015)
    half_mse = scratch.train((w, b), features, labels, lr=0.03)
    torch.testing.assert_close(net[0].weight, w.T)
    assert mse == pytest.approx([2 * loss for loss in half_mse])


def test_train_takes_more_than_n_as_the_whole_set():
    features, labels = synthetic_data(W, B, 20)
    net, twin = concise.make_net(2), concise.make_net(2)
    twin.load_state_dict(net.state_dict())
    torch.testing.assert_close(
        concise.train(net, features, labels, batch_size=1000), concise.train(twin, features, labels, batch_size=20)
    )


def test_train_takes_another_loss():
    features, labels = synthetic_data(W, B, 200)
    net = concise.make_net(2)
    losses = concise.train(net, features, labels, loss=nn.HuberLoss())
    assert losses[-1] == nn.HuberLoss()(net(features), labels).item() < losses[0]


def test_train_leaves_frozen_parameters_alone():
    net = concise.make_net(2)
    net[0].bias.requires_grad_(False)
    concise.train(net, *synthetic_data(W, B, 20))
    assert net[0].bias.item() == 0 and net[0].weight.abs().max() > 0.1


def test_train_works_in_float64():
    features, labels = (t.double() for t in synthetic_data(W, B, 200))
    assert concise.train(concise.make_net(2).double(), features, labels, num_epochs=15)[-1] < 2e-4


def test_train_reports_divergence_as_infinity_or_nan():
    losses = concise.train(concise.make_net(2), *synthetic_data(W, B, 200), lr=10.0, num_epochs=10)
    assert not torch.isfinite(torch.tensor(losses[-1]))


X, Y = torch.ones(4, 2), torch.ones(4, 1)


class Flat(nn.Linear):
    def forward(self, x):
        return super().forward(x).flatten()


def frozen():
    return concise.make_net(2).requires_grad_(False)


def not_finite():
    net = concise.make_net(2)
    nn.init.constant_(net[0].bias, float("nan"))
    return net


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"net": lambda x: x}, TypeError, r"net must be a torch\.nn\.Module, got function"),
        ({"net": concise.make_net(3)}, ValueError, r"net does not take features of shape \(4, 2\)"),
        ({"net": nn.Linear(2, 2)}, ValueError, r"net must return predictions of shape \(4, 1\), got \(4, 2\)"),
        ({"net": Flat(2, 1)}, ValueError, r"net must return predictions of shape \(4, 1\), got \(4,\)"),
        ({"net": frozen()}, ValueError, "nothing can be learned"),
        ({"net": nn.Flatten()}, ValueError, "nothing can be learned"),
        ({"net": not_finite()}, ValueError, r"0\.bias must be finite"),
        ({"net": concise.make_net(2).double()}, TypeError, r"0\.weight and features must share a dtype"),
        ({"features": [[1.0, 2.0]]}, TypeError, "features must be a torch.Tensor, got list"),
        ({"features": torch.ones(4, 2, dtype=torch.int64)}, TypeError, "features must hold floats"),
        ({"features": torch.full((4, 2), float("inf"))}, ValueError, "features must be finite"),
        ({"features": torch.ones(5, 2)}, ValueError, "as many, got 5 and 4"),
        ({"features": torch.ones(0, 2), "labels": torch.ones(0, 1)}, ValueError, "features"),
        ({"labels": torch.ones(4)}, ValueError, r"labels must have shape \(n, 1\), got \(4,\)"),
        ({"lr": 0}, ValueError, "lr must be finite and above 0"),
        ({"lr": float("nan")}, ValueError, "lr must be finite and above 0"),
        ({"lr": {"lr": 0.03}}, TypeError, "lr must be a number, got dict"),
        ({"num_epochs": 0}, ValueError, "num_epochs must be 1 or more"),
        ({"num_epochs": 1.5}, TypeError, "num_epochs must be an int"),
        ({"batch_size": 0}, ValueError, "batch_size must be 1 or more"),
        ({"batch_size": 10.0}, TypeError, "batch_size must be an int"),
        ({"loss": scratch.squared_loss}, ValueError, r"loss must return one number.*got shape \(4, 1\)"),
    ],
)
def test_train_names_what_it_refuses_and_changes_nothing(change, error, message):
    arguments = {"net": concise.make_net(2), "features": X, "labels": Y} | change
    net = arguments["net"]
    before = [param.clone() for param in net.parameters()] if isinstance(net, nn.Module) else []
    with pytest.raises(error, match=message):
        concise.train(**arguments)
    if before:
        torch.testing.assert_close(list(net.parameters()), before, rtol=0, atol=0, equal_nan=True)
