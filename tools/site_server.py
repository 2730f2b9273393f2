"""A static server on loopback that behaves as GitHub Pages does: a sub-path, gzip, ten minutes of cache, 404.html.

The browser tests and measure_site.py read the built site through it, and count what it sends. To look at a built site:

    python tools/site_server.py [_build/html]
"""

import gzip
import hashlib
import mimetypes
import sys
import threading
import time
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

PREFIX = "/course/"
COMPRESSED = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")


class Sent(NamedTuple):
    """One answer of the server: the path below the site's root, the status, and all bytes sent, the head included."""

    path: str
    status: int
    size: int


class SiteServer(ThreadingHTTPServer):
    """Serve `folder` at .url, in a thread, as a context manager; .sent lists what went out.

    On a slow line a page comes in two halves, with `pause` seconds between them.
    """

    daemon_threads = True

    def __init__(self, folder, pause=0):
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = Path(folder).resolve()
        self.url = f"http://127.0.0.1:{self.server_port}{PREFIX}"
        self.pause = pause
        self.sent = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Stay quiet: a browser that goes to another page drops its connections."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def find(self, path):
        """Return the file for the path of an address, None where there is none."""
        if not path.startswith(PREFIX):
            return None
        file = (self.folder / path.removeprefix(PREFIX)).resolve()
        if not file.is_relative_to(self.folder):
            return None
        return next((each for each in (file, file / "index.html", file.with_name(file.name + ".html")) if each.is_file()), None)


class Answer(BaseHTTPRequestHandler):
    """Answer one GET or HEAD."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        file, status = self.server.find(path), 200
        if file is None:
            file, status = self.server.folder / "404.html", 404
        elif file.name == "index.html" and not path.endswith(("/", "index.html")):
            return self.answer(301, {"Location": self.path + "/", "Content-Type": "text/plain"})
        if not file.is_file():
            return self.answer(404, {"Content-Type": "text/plain"}, b"Not found")
        body, headers = content(file, file.stat().st_mtime_ns, "gzip" in self.headers.get("Accept-Encoding", ""))
        if status == 200 and self.headers.get("If-None-Match") == headers["ETag"]:
            return self.answer(304, headers)
        self.answer(status, headers, body)

    do_HEAD = do_GET

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        size = sum(map(len, self._headers_buffer)) + 2 + len(body)
        self.server.sent.append(Sent(urlsplit(self.path).path.removeprefix(PREFIX), status, size))
        self.end_headers()
        if self.command == "GET":
            half = len(body) // 2 if headers["Content-Type"].startswith("text/html") else 0
            self.wfile.write(body[:half])
            time.sleep(self.server.pause if half else 0)
            self.wfile.write(body[half:])

    def log_message(self, *_):
        """Stay quiet."""


@lru_cache(maxsize=None)
def content(file, changed, compressed):
    """Return the bytes of a file as they are sent, and their headers; `changed` only keeps an edited file from the cache."""
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind + ("; charset=utf-8" if kind.startswith("text/") else ""), "Cache-Control": "max-age=600"}
    headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if compressed and kind.startswith(COMPRESSED):
        body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
    return body, headers


def main():
    with SiteServer(sys.argv[1] if len(sys.argv) > 1 else "_build/html") as server:
        print(f"{server.url}  (Ctrl+C ends it)", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
