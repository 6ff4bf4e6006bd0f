"""An MJPEG server for tests, run as a process of its own; prints its port.

Modes: `steady` 30 pictures a second; `stall` stops after 15 without hanging up; `die` ends the process after 15;
`silent` accepts and never answers; `page` answers with a web page; `secret` wants the password `pa55word`.
"""

from __future__ import annotations

import base64
import os
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

MODE = sys.argv[1] if len(sys.argv) > 1 else "steady"
JPEG = cv2.imencode(".jpg", np.full((120, 160, 3), (20, 20, 230), dtype=np.uint8))[1].tobytes()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(b"anna:pa55word").decode()
        if MODE == "secret" and self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
        elif MODE == "page":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html><body>This is no stream.</body></html>" * 20)
        elif self.path.startswith("/nothing"):
            self.send_error(404)
        else:
            self.stream()

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for i in range(100_000):
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(JPEG)}\r\n\r\n"
            self.wfile.write(head.encode() + JPEG + b"\r\n")
            self.wfile.flush()
            if i == 15 and MODE == "stall":
                time.sleep(600)
            if i == 15 and MODE == "die":
                os._exit(0)
            time.sleep(1 / 30)


if __name__ == "__main__":
    if MODE == "silent":
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        time.sleep(600)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()
