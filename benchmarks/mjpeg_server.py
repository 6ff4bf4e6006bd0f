"""Serves pictures as an MJPEG stream on loopback, at a steady rate: the camera of the live benchmark.

All pictures are encoded before the first request, so that serving costs almost nothing. It prints its port and serves
its clients until it is stopped.

    python benchmarks/mjpeg_server.py --source demo:squat --fps 30 --size 640x480
"""

from __future__ import annotations

import argparse
import itertools
import socket
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fias_desktop.stages.capture.opening import open_source

_LONGEST_S = 20.0
_HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"


def encoded(text: str, size: tuple[int, int], fps: float) -> list[bytes]:
    """Up to 20 s of a source as JPEG pictures of `size`, `fps` a second."""
    source = open_source(text)
    pictures: list[bytes] = []
    try:
        while (frame := source.read()) is not None and frame.time_s < _LONGEST_S:
            while len(pictures) / fps <= frame.time_s:
                image = cv2.resize(np.asarray(frame.image), size, interpolation=cv2.INTER_AREA)
                done, jpeg = cv2.imencode(
                    ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85]
                )
                if not done:
                    raise RuntimeError("a picture could not be encoded")
                pictures.append(jpeg.tobytes())
    finally:
        source.close()
    # There and back, so that the end of the clip is no jump.
    return pictures + pictures[-2:0:-1]


def serve(client: socket.socket, pictures: list[bytes], fps: float) -> None:
    """Send the pictures round and round, on time, until the client hangs up."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.recv(4096)
    started = time.monotonic()
    try:
        client.sendall(_HEAD)
        for number, jpeg in enumerate(itertools.cycle(pictures)):
            wait_s = started + number / fps - time.monotonic()
            if wait_s > 0:
                time.sleep(wait_s)
            part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            client.sendall(part + jpeg + b"\r\n")
    except (ConnectionError, TimeoutError):
        pass
    finally:
        client.close()


def main() -> int:
    """Encode, print the port, serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--source", default="demo:squat,lunge")
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--size", default="640x480")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    pictures = encoded(options.source, (width, height), options.fps)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, pictures, options.fps), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
