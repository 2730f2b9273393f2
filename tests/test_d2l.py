"""linear_regression.d2l imports the real d2l whatever the state of torchvision, and says what to do where d2l is absent."""

import subprocess
import sys
import textwrap

import pytest


def python(code, *folders):
    """Run code in a fresh Python that looks into `folders` first; return its result."""
    program = f"import sys; sys.path[:0] = {[str(folder) for folder in folders]!r}\n" + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


@pytest.fixture
def module(tmp_path):
    """Return a function that writes a module `name` with `code` into a folder, and returns the folder."""

    def write(name, code):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(code)
        return tmp_path

    return write


USE = """
    from linear_regression.d2l import d2l
    import torch
    X, y = d2l.synthetic_data(torch.tensor([2, -3.4]), 4.2, 5)
    print(tuple(X.shape), "torchvision" in sys.modules)
"""


@pytest.mark.parametrize(
    "broken",
    ["raise ImportError('No module named torchvision')", "raise RuntimeError('operator torchvision::nms does not exist')"],
    ids=["absent", "built for another torch"],
)
def test_it_imports_without_a_working_torchvision(module, broken):
    result = python(USE, module("torchvision", broken))
    assert result.stdout == "(5, 2) False\n", result.stderr


def test_it_takes_a_working_torchvision(module):
    folder = module("torchvision", "from torchvision import transforms")
    (folder / "torchvision" / "transforms.py").touch()
    result = python(USE, folder)
    assert result.stdout == "(5, 2) True\n", result.stderr


def test_the_stand_in_says_what_is_missing(module):
    code = "from linear_regression.d2l import d2l; d2l.FashionMNIST(batch_size=1)"
    result = python(code, module("torchvision", "raise ImportError"))
    assert "ImportError: torchvision.transforms.Compose was asked for, but torchvision is not installed" in result.stderr


def test_absence_names_the_command_that_cures_it(module):
    code = """
        import importlib.util
        find_spec = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *rest: None if name == "d2l" else find_spec(name, *rest)
        import linear_regression.d2l
    """
    result = python(code)
    assert "ModuleNotFoundError: No module named 'd2l'" in result.stderr
    assert "pip install --no-deps d2l==1.0.3" in result.stderr
