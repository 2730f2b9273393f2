"""The book's own package, `d2l`, imported whether or not a working torchvision is there.

    from linear_regression.d2l import d2l

d2l 1.0.3 imports torchvision at its top and does not declare it, and a torchvision built for another torch fails to
import. Nothing in this course needs it, so a stand-in takes its place: only while d2l is imported, and
only where the real one is missing or broken.
"""

import importlib.util
import sys
import types

import torch  # noqa: F401  d2l imports it too; here first, so that torch never meets the stand-in

INSTALL = "pip install --no-deps d2l==1.0.3"


def load():
    """Return the module `d2l.torch`.

    Raises ModuleNotFoundError, naming the command that installs it, where d2l is not installed.
    """
    if importlib.util.find_spec("d2l") is None:
        raise ModuleNotFoundError(f"No module named 'd2l' in {sys.executable}. Install it there with: {INSTALL}", name="d2l")
    if _imports("torchvision"):
        return importlib.import_module("d2l.torch")
    stand_ins = _stand_ins()
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("d2l.torch")
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _imports(name):
    """Tell whether the module `name` can be imported; leave nothing of a failed attempt behind."""
    before = set(sys.modules)
    try:
        importlib.import_module(name)
        return True
    except Exception:  # absent (ImportError), or built for another torch (RuntimeError)
        for module in set(sys.modules) - before:
            if module.split(".")[0] == name:
                del sys.modules[module]
        return False


def _stand_ins():
    """Return stand-ins for the two modules that d2l's import touches; whoever uses one is told what is missing."""
    stand_ins = {name: types.ModuleType(name) for name in ("torchvision", "torchvision.transforms")}
    for module in stand_ins.values():
        module.__getattr__ = lambda name, of=module.__name__: _missing(of, name)
    stand_ins["torchvision"].transforms = stand_ins["torchvision.transforms"]
    return stand_ins


def _missing(module, name):
    """Answer a look-up of `name` in a stand-in."""
    if name.startswith("__"):  # Python's own questions to a module
        raise AttributeError(name)
    raise ImportError(f"{module}.{name} was asked for, but torchvision is not installed or does not fit this torch")


d2l = load()
