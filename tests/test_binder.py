"""Binder installs what we mean: repo2docker's own plan says so, without Docker, and what stands in two places agrees.

tools/rehearse_binder.py, a job of its own, does it all: installs, starts JupyterLab, runs a notebook in a browser.
"""

import re
import subprocess
from importlib.resources import files

import pytest
import rehearse_binder
from book import ROOT

BINDER = (ROOT / ".binder" / "requirements.txt").read_text()


@pytest.fixture(scope="module")
def plan():
    return rehearse_binder.plan(ROOT)


def tracked():
    """Yield (name, text) of the text files of the repository, notebooks aside."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if not name.endswith(".ipynb") and (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="ignore")


def pins(text):
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", text, re.MULTILINE))


def test_the_plan_is_python_3_11_and_our_two_files(plan):
    assert rehearse_binder.python_version(plan) == "3.11"
    assert rehearse_binder.commands(plan) == [
        '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r ".binder/requirements.txt"',
        "chmod +x .binder/postBuild",
        "./.binder/postBuild",
    ]


def test_binder_has_what_the_lessons_run_on_in_the_same_versions(plan):
    locked = pins((ROOT / "constraints.txt").read_text())
    assert BINDER.count("torch==") == 1 and f"torch=={locked['torch']}+cpu\n" in BINDER
    project = (ROOT / "code" / "pyproject.toml").read_text()
    needed = [name for line in re.findall(r"^(?:dependencies|d2l) = \[(.*)\]", project, re.MULTILINE) for name in re.findall(r'"([\w-]+)', line)]
    assert len(needed) == 10 and set(needed) <= locked.keys()


def test_binder_keeps_the_jupyterlab_that_it_brings():
    brought = files("repo2docker").joinpath("buildpacks/conda/environment.py-3.11-linux-64.lock").read_text()
    assert f"/jupyterlab-{pins((ROOT / 'requirements.txt').read_text())['jupyterlab']}-" in brought


def test_binder_builds_no_book_and_runs_no_test():
    for name in ("jupyter-book", "sphinx", "pytest", "nbval", "scikit-learn", "playwright", "repo2docker"):
        assert name not in BINDER


def test_the_cpu_index_stands_in_one_place():
    address = re.search(r"--extra-index-url https://(\S+)", BINDER)[1]
    assert [name for name, text in tracked() if address in text] == [".binder/requirements.txt"]
    command = ["make", "-n", "VENV=nowhere", "clean", "nowhere/.ready"]
    assert f"--torch-index https://{address}\n" in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_file_names_the_same_d2l():
    named = {(name, version) for name, text in tracked() for version in re.findall(r"\bd2l==([\d.]*\d)", text)}
    assert {name for name, _ in named} >= {".binder/postBuild", "tools/setup_env.py", "book/_extensions/twins.py", "README.md"}
    assert {version for name, version in named} == {"1.0.3", "0.17.6"}
    assert [name for name, version in named if version == "0.17.6"] == ["book/questions/no-module-named-d2l.md"], "the earlier generation"


def test_the_rehearsal_stops_at_a_cell_that_does_otherwise_than_it_should():
    failed, fine, raises = {"output_type": "error"}, [], {"tags": ["raises-exception"]}

    def notebook(*cells):
        return {"cells": [{"cell_type": "code", "source": "x", "metadata": tags, "outputs": outputs} for tags, outputs in cells]}

    rehearse_binder.check(notebook(({}, fine), (raises, [failed])), "good.ipynb")
    for cells in ([({}, fine), ({}, [failed])], [({}, fine), (raises, fine)], [({}, [{"output_type": "stream"}])]):
        with pytest.raises(SystemExit, match="rehearsal: .*bad.ipynb"):
            rehearse_binder.check(notebook(*cells), "bad.ipynb")
