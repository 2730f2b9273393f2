"""Create the virtual environment that `make` works in, and install everything into it. Standard library only.

    python tools/setup_env.py .venv --torch-index URL

torch comes from `URL`, PyTorch's index of CPU builds, where that can be reached: the ordinary index serves Linux a build
with several gigabytes of CUDA. Everything else comes from the ordinary index. `.venv/.ready` marks the end.
"""

import sys

FITTING = [(3, 11), (3, 12), (3, 13)]
if sys.version_info[:2] not in FITTING:  # before anything that an old Python does not know
    sys.exit("setup: this is Python {}.{} ({}); the course runs on 3.11, 3.12 and 3.13. Name one: make PYTHON=python3.11".format(
        sys.version_info[0], sys.version_info[1], sys.executable))

import argparse  # noqa: E402
import pathlib  # noqa: E402
import re  # noqa: E402
import subprocess  # noqa: E402
import urllib.request  # noqa: E402

PROMPT = "linear-regression-course"  # stands in the pyvenv.cfg of the environments that this script made
ROOT = pathlib.Path(__file__).resolve().parent.parent
D2L = "d2l==1.0.3"  # without its dependencies: its pins do not fit this Python, numpy or matplotlib


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--torch-index", required=True, metavar="URL")
    arguments = parser.parse_args()
    create(arguments.folder)
    pip = [str(python_of(arguments.folder)), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if reachable(arguments.torch_index):
        say("installing torch, the CPU build, from " + arguments.torch_index)
        run(pip + ["--no-deps", "--index-url", arguments.torch_index, torch_requirement()])
    else:
        say("PyTorch's CPU index cannot be reached ({}): torch comes from the ordinary index; on Linux that build brings "
            "several GB of CUDA. A mirror: make TORCH_INDEX=URL".format(arguments.torch_index))
    say("installing requirements.txt (a few minutes the first time)")
    run(pip + ["-r", "requirements.txt"])
    run(pip + ["--no-deps", D2L])
    (arguments.folder / ".ready").touch()


def create(folder):
    """Make a new, empty environment in the folder; only one that this script made is replaced."""
    if folder.is_symlink() or folder.exists() and not ours(folder):
        stop("{} was not made by `make`, so it stays as it is; move it away, or use another: make VENV=.venv-course".format(folder))
    command = [sys.executable, "-m", "venv", "--clear", "--prompt", PROMPT, str(folder)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        print(made.stdout.decode(errors="replace"))
        stop("Python could not create a virtual environment; on Debian and Ubuntu: apt install python3-venv")


def ours(folder):
    """Tell whether the folder is an environment that this script made."""
    settings = folder / "pyvenv.cfg"
    return settings.is_file() and PROMPT in settings.read_text()


def python_of(folder):
    """Return the environment's own Python (absolute, but not resolved: the link is what makes it the environment's)."""
    return folder.absolute() / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def reachable(index):
    """Tell whether the index answers within three seconds that it has torch."""
    try:
        with urllib.request.urlopen(index.rstrip("/") + "/torch/", timeout=3):
            return True
    except (OSError, ValueError):
        return False


def torch_requirement():
    """Return the line of requirements.txt that pins torch."""
    return re.search(r"^torch==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)[0]


def run(command):
    """Run pip in the repository's root; stop where it fails, its own message above ours."""
    if subprocess.run(command, cwd=str(ROOT)).returncode:
        stop("the installation failed, see above; nothing is half done: the next `make` starts afresh")


def say(text):
    sys.stdout.write("setup: " + text + "\n")
    sys.stdout.flush()


def stop(text):
    sys.exit("setup: " + text)


if __name__ == "__main__":
    main()
