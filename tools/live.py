"""The built site with live cells, all on this machine: `make live`, which builds it first. Ctrl+C ends it.

A Jupyter server runs the cells: on the loopback address only, with a token, and for the pages of this copy of the site alone,
whose address, with server and token in it, is opened in the browser and printed.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from urllib.request import Request, urlopen

from site_server import SiteServer

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds, for the server to start


class JupyterServer:
    """A Jupyter server with the course's folder, as a context manager: .url, .token, .process; it lets in pages from `origin` only."""

    def __init__(self, origin, output=None):
        self.token = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        options = ["--ip=127.0.0.1", f"--port={port}", "--port-retries=0", "--allow-root", "--no-browser", "-y"]
        options += [f"--ServerApp.root_dir={ROOT}", f"--ServerApp.allow_origin={origin}", "--ServerApp.log_level=WARN"]
        options += ["--MappingKernelManager.cull_idle_timeout=600"]  # kernels of pages that are gone
        environment = {**os.environ, "JUPYTER_TOKEN": self.token}  # not among the options, which others on the machine can read
        self.process = subprocess.Popen([sys.executable, "-m", "jupyter", "server", *options], env=environment, stdout=output, stderr=output)

    def __enter__(self):
        for _ in range(PATIENCE * 5):
            if self.process.poll() is not None:
                raise RuntimeError("the Jupyter server has ended; see above")
            try:
                urlopen(Request(f"{self.url}api/status", headers={"Authorization": f"token {self.token}"}), timeout=5).close()
                return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise RuntimeError("the Jupyter server does not answer; see above")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def main():
    for name in ("SIGTERM", "SIGHUP"):  # the window is closed, for one: end the server, too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with SiteServer(ROOT / "_build" / "html") as site, JupyterServer(site.url.removesuffix("/course/")) as server:
        address = f"{site.url}book/index.html#live={server.url}&token={server.token}"
        print(f"\n{address}\n\nOpen this address, go to any page, and press *Run the cells here*. Ctrl+C ends it.", flush=True)
        webbrowser.open(address)
        server.process.wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
