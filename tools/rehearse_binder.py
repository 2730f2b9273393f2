"""Do on this machine, without Docker, what Binder does for a reader: install, start JupyterLab, open a notebook, run it to its end.

    python tools/rehearse_binder.py [notebooks/scratch/dataset.ipynb]

The commands are those of repo2docker's own plan, run in a fresh environment, in a copy of the files that git would commit.
Where PyTorch's index of CPU builds cannot be reached, torch comes from the ordinary index, and this says so.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from measure_site import launch
from playwright.sync_api import sync_playwright
from setup_env import ROOT, reachable

PATIENCE = 180  # seconds, for JupyterLab to start and for a notebook to run
CUDA = re.compile(r"nvidia|triton")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", nargs="?", default="notebooks/scratch/dataset.ipynb")
    notebook = parser.parse_args().notebook
    with tempfile.TemporaryDirectory(prefix="binder-") as folder:
        home, environment = Path(folder, "home"), Path(folder, "environment")
        copy_repository(home)
        with timed("installing"):
            install(home, environment)
        say(f"the environment has {size(environment):,} MB, CUDA aside")
        with timed("starting JupyterLab, and running " + notebook), jupyterlab(home, environment) as lab:
            run_in_browser(lab, home / notebook)
        check(json.loads((home / notebook).read_text()), notebook)


def plan(folder):
    """Return repo2docker's plan for the repository in `folder`: its messages, then the Dockerfile."""
    command = [Path(sys.executable).with_name("jupyter-repo2docker"), "--no-build", "--debug", "."]
    result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return result.stdout


def python_version(planned):
    return re.search(r"Building conda environment for python=(\S+)", planned)[1]


def commands(planned):
    """Return the commands of a plan that concern this repository, in their order."""
    return re.findall(r"^RUN (.*\.binder/.*)$", planned, re.MULTILINE)


def copy_repository(home):
    """Copy the files of this repository as git knows them, with what is not yet committed."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, home / name)


def install(home, environment):
    """Run the plan's commands in a new environment."""
    planned = plan(home)
    if python_version(planned) != "{}.{}".format(*sys.version_info):
        sys.exit(f"rehearsal: Binder takes Python {python_version(planned)}; run this with the same")
    requirements = home / ".binder" / "requirements.txt"
    use_a_reachable_index(requirements)
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    variables = {**os.environ, "KERNEL_PYTHON_PREFIX": str(environment), "PATH": path, "PIP_QUIET": "2"}
    for command in commands(planned):
        say(command)
        subprocess.run(["bash", "-c", command], cwd=home, env=variables, check=True)


def use_a_reachable_index(requirements):
    """Let torch come from the ordinary index where PyTorch's cannot be reached."""
    text = requirements.read_text()
    line = re.search(r"^--extra-index-url (\S+)\n", text, re.MULTILINE)
    if not reachable(line[1]):
        say(f"PyTorch's CPU index cannot be reached ({line[1]}): torch comes from the ordinary index, unlike in Binder")
        requirements.write_text(text.replace(line[0], "").replace("+cpu\n", "\n"))


def size(environment):
    """Return how many megabytes an environment has, without what CUDA brings."""
    folders = [path for path in environment.glob("lib/*/site-packages/*") if not CUDA.match(path.name)]
    files = (file for folder in folders for file in ([folder] if folder.is_file() else folder.rglob("*")))
    return sum(file.lstat().st_size for file in files) // 1_000_000


@contextmanager
def jupyterlab(home, environment):
    """Start the environment's JupyterLab in `home`; yield a function from a notebook's path to its address there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    options = [f"--port={port}", "--no-browser", f"--IdentityProvider.token={token}"] + ["--allow-root"] * (os.name == "posix" and os.getuid() == 0)
    command = [environment / "bin" / "jupyter", "lab", *options]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait(lambda: answers(f"{url}/api/status?token={token}"), "JupyterLab does not answer")
            yield lambda path: f"{url}/lab/tree/{path.relative_to(home).as_posix()}?token={token}"
        finally:
            server.terminate()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=3):
            return True
    except OSError:
        return False


def run_in_browser(lab, path):
    """Open a notebook by its address, choose Run > Run All Cells, and wait until its last cell has run and is saved."""
    last = len(code_cells(json.loads(path.read_text())))

    def done():
        page.keyboard.press("Control+s")
        return code_cells(json.loads(path.read_text()))[-1]["execution_count"] == last

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(lab(path))
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        wait(done, f"{path.name} did not run to its end")


def wait(happened, otherwise):
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            sys.exit("rehearsal: " + otherwise)
        time.sleep(0.5)


def check(notebook, name):
    """Stop where a cell failed that was not to, and where the first, which fetches what is missing, had anything to do."""
    cells = code_cells(notebook)
    for cell in cells:
        failed = any(output["output_type"] == "error" for output in cell["outputs"])
        if failed != ("raises-exception" in cell["metadata"].get("tags", [])):
            sys.exit(f"rehearsal: in {name}, this cell {'failed' if failed else 'did not fail'}:\n" + "".join(cell["source"]))
    if cells[0]["outputs"]:
        sys.exit(f"rehearsal: the first cell of {name} found something missing: {cells[0]['outputs']}")
    say(f"all {len(cells)} cells of {name} ran")


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@contextmanager
def timed(what):
    start = time.monotonic()
    yield
    say(f"{what} took {time.monotonic() - start:.0f} s")


def say(text):
    print("rehearsal:", text, flush=True)


if __name__ == "__main__":
    main()
