"""A web server on this machine with every bad manner that a download must survive."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fias_desktop.coach.models.catalogue import CatalogueEntry


@dataclass
class Manners:
    """What the server does. Counts run down with every request; `asked` keeps (path, Range, If-Range) of each."""

    content: bytes
    etag: str = '"v1"'
    ranges: bool = True
    drop_after: list[int] = field(default_factory=list)  # bytes sent before the connection breaks, request by request
    errors: list[int] = field(default_factory=list)  # status codes, request by request
    length: int | None = None  # a false Content-Length
    no_length: bool = False  # chunked, so that nobody knows the length before
    bytes_s: float = 0.0  # slow, where above 0
    silent: bool = False  # sends the head, then nothing
    redirect: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    manners: Manners

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        manners = self.manners
        manners.asked.append((self.path, self.headers.get("Range", ""), self.headers.get("If-Range", "")))
        self.close_connection = True
        if manners.redirect and self.path != "/moved":
            self.send_response(302)
            self.send_header("Location", manners.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif manners.errors:
            self.send_error(manners.errors.pop(0))
        else:
            self._send()

    def do_CONNECT(self) -> None:
        """A tunnel, as a proxy makes it for https."""
        self.manners.asked.append((f"CONNECT {self.path}", "", ""))
        self.close_connection = True
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as far:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(far, self.connection))
            back.start()
            _pump(self.connection, far)
            back.join()

    def _send(self) -> None:
        manners = self.manners
        start = self._start()
        if start > len(manners.content) or (start and start == len(manners.content)):
            self.send_error(416)
            return
        body = manners.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(manners.content) - 1}/{len(manners.content)}")
        if manners.etag:
            self.send_header("ETag", manners.etag)
        if manners.no_length:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(manners.length if manners.length is not None else len(body)))
        self.end_headers()
        self._pour(body)

    def _start(self) -> int:
        asked = self.headers.get("Range", "")
        condition = self.headers.get("If-Range")
        if not asked or not self.manners.ranges or (condition is not None and condition != self.manners.etag):
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def _pour(self, body: bytes) -> None:
        manners = self.manners
        if manners.silent:
            manners.over.wait(20)
            return
        end = min(manners.drop_after.pop(0), len(body)) if manners.drop_after else len(body)
        step = 1024 if manners.bytes_s else 1 << 16
        try:
            for at in range(0, end, step):
                piece = body[at : min(at + step, end)]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if manners.no_length else piece)
                if manners.bytes_s and manners.over.wait(step / manners.bytes_s):
                    return
            if manners.no_length and end == len(body):
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            return  # the other side has gone, as it may


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes until one side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def make_certificate(folder: Path) -> Path | None:
    """A certificate that this machine signs for itself, with its key; None without the openssl program."""
    path = folder / "self.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@contextmanager
def serve(manners: Manners, certificate: Path | None = None) -> Iterator[str]:
    """Serve on this machine, with TLS where there is a certificate (with its key in it); gives the server's address."""

    class Handler(_Handler):
        pass

    Handler.manners = manners
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="model-server")
    thread.start()
    try:
        yield f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_address[1]}"
    finally:
        manners.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def entry_for(content: bytes, url: str, **changes: object) -> CatalogueEntry:
    """A catalogue entry for this content."""
    row: dict[str, object] = {
        "id": "tiny",
        "name": "Tiny",
        "file": "tiny.gguf",
        "url": f"{url}/tiny.gguf",
        "size_bytes": len(content),
        "memory_bytes": 100 << 20,
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return CatalogueEntry.model_validate(row | changes)


def wait_until(true: object, seconds: float = 5.0) -> None:
    """Wait for a condition; an assertion when it does not come true in time."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
