"""A small RTSP server for tests, run as a process of its own; prints its port.

It answers one client: MPEG-TS (MPEG-2 video) in RTP packets over the same connection, 25 pictures a second. With the
mode `stall` it stops after 45 pictures without hanging up.
"""

from __future__ import annotations

import io
import socket
import struct
import sys
import time
from collections.abc import Iterator

import av
import numpy as np

SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n"
FPS = 25


def transport_stream() -> Iterator[bytes]:
    """The bytes of a transport stream, one picture at a time, without end."""
    buffer = io.BytesIO()
    container = av.open(buffer, "w", format="mpegts", options={"flush_packets": "1"})
    stream = container.add_stream("mpeg2video", rate=FPS)
    stream.width, stream.height, stream.pix_fmt, stream.gop_size = 160, 120, "yuv420p", 5
    for i in range(100_000):
        frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), (230, 20, 20 + i % 50), dtype=np.uint8), "rgb24")
        frame.pts = i
        container.mux(stream.encode(frame))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def answer(client: socket.socket, request: str) -> bool:
    """Answer one request; True when it was PLAY."""
    lines = request.split("\r\n")
    sequence = next(line.split(":")[1].strip() for line in lines if line.lower().startswith("cseq"))
    method, body, extra = lines[0].split()[0], b"", ""
    if method == "OPTIONS":
        extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
    elif method == "DESCRIBE":
        body, extra = SDP, f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n"
    elif method == "SETUP":
        extra = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 7\r\n"
    client.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{extra}\r\n".encode() + body)
    return method == "PLAY"


def play(client: socket.socket, stall: bool) -> None:
    """Send RTP packets, each framed by `$`, channel 0 and its length."""
    sequence = 0
    for i, chunk in enumerate(transport_stream()):
        for start in range(0, len(chunk), 7 * 188):
            header = struct.pack(">BBHII", 0x80, 33, sequence & 0xFFFF, i * 90_000 // FPS, 7)
            packet = header + chunk[start : start + 7 * 188]
            client.sendall(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
            sequence += 1
        if stall and i == 45:
            time.sleep(600)
        time.sleep(1 / FPS)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    received = ""
    while True:
        received += connection.recv(4096).decode()
        while "\r\n\r\n" in received:
            one, _, received = received.partition("\r\n\r\n")
            if answer(connection, one):
                play(connection, stall="stall" in sys.argv)
