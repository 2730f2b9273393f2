"""The first `make` says in words what is wrong with a machine: an unfit Python, an index out of reach, an installation that fails."""

import functools
import http.server
import runpy
import subprocess
import sys
import threading

import pytest
import setup_env
from book import ROOT


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """Run setup_env.main on a folder with the given index, and return the pip commands that it would have run."""
    ran = []
    monkeypatch.setattr(setup_env, "create", lambda folder: folder.mkdir(exist_ok=True))
    monkeypatch.setattr(setup_env, "run", ran.append)

    def main(index):
        monkeypatch.setattr(sys, "argv", ["setup_env.py", str(tmp_path / "venv"), "--torch-index", index])
        setup_env.main()
        return [command[command.index("--quiet") + 1 :] for command in ran]

    main.ready = tmp_path / "venv" / ".ready"
    return main


@pytest.fixture
def index(tmp_path):
    """The address of a server on this machine that has a page /torch/."""
    (tmp_path / "index" / "torch").mkdir(parents=True)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "index")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_torch_alone_comes_from_the_cpu_index(commands, index):
    assert commands(index) == [
        ["--no-deps", "--index-url", index, setup_env.torch_requirement()],
        ["-r", "requirements.txt"],
        ["--no-deps", "d2l==1.0.3"],
    ]
    assert commands.ready.exists()


@pytest.mark.parametrize("index", ["http://127.0.0.1:9/cpu", "no address"])
def test_an_index_out_of_reach_is_announced_and_done_without(commands, capsys, index):
    assert commands(index)[0] == ["-r", "requirements.txt"]
    assert "cannot be reached" in (said := capsys.readouterr().out) and index in said and "TORCH_INDEX" in said


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 2), (3, 14, 0)])
def test_an_unfit_python_is_named(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=rf"this is Python {version[0]}\.{version[1]} .* runs on 3\.11, 3\.12 and 3\.13"):
        runpy.run_path(str(ROOT / "tools" / "setup_env.py"), run_name="__main__")


def test_an_environment_of_the_readers_own_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    for folder in ("mine", "link"):
        with pytest.raises(SystemExit, match="was not made by `make`"):
            setup_env.create(tmp_path / folder)
    assert (tmp_path / "mine" / "work.txt").exists()


def test_a_failed_installation_leaves_no_mark(tmp_path):
    """Run the real script with a pip that fails: its environment must not count as ready."""
    script = "import setup_env; setup_env.D2L = 'no such requirement'; setup_env.ROOT = setup_env.pathlib.Path(sys.argv.pop()); setup_env.main()"
    (tmp_path / "requirements.txt").write_text("torch==2.13.0\nno such requirement\n")
    result = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, 'tools'); " + script,
         str(tmp_path / "venv"), "--torch-index", "http://127.0.0.1:9/cpu", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True,
    )
    assert result.returncode != 0 and "setup: the installation failed" in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "venv" / ".ready").exists()
