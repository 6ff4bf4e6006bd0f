"""Watches that nothing leaves this machine."""

from __future__ import annotations

import ipaddress
import sys

import psutil

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"})
_LOCAL_NAMES = frozenset({"localhost", "", None})


class NetworkWatch:
    """Records every attempt of Python code in this process to reach another machine, and looks at the open
    connections of native code and child processes. This machine itself (loopback) and local sockets do not count.

    An audit hook cannot be removed again; outside the `with` block it only returns.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._active = False

    def __enter__(self) -> NetworkWatch:
        self._active = True
        sys.addaudithook(self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        self._active = False

    def look(self) -> None:
        """Add what native code or a child process has open right now."""
        process = psutil.Process()
        for each in (process, *process.children(recursive=True)):
            try:
                connections = each.net_connections(kind="inet")
            except (psutil.Error, OSError):
                continue
            for connection in connections:
                if connection.raddr and not is_local(connection.raddr.ip):
                    self._note(f"{each.name()}: {connection.raddr.ip}:{connection.raddr.port}")

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._active or event not in _EVENTS:
            return
        target = host_of(event, arguments)
        if not is_local(target):
            self._note(f"{event}: {target}")

    def _note(self, text: str) -> None:
        if text not in self.calls:
            self.calls.append(text)


def host_of(event: str, arguments: tuple[object, ...]) -> object:
    """The host that a socket audit event is about; an empty text for local (unix) sockets."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return arguments[0]
    address = arguments[1] if len(arguments) > 1 else None
    return address[0] if isinstance(address, tuple) and address else ""


def is_local(host: object) -> bool:
    """Whether a host (a name, an address, or nothing) is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False
