"""What one process has for itself: its ports, on loopback only, and its state; taken before anything else."""

import errno
import fcntl
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from infra.local.settings import LocalSettings


class TakenError(Exception):
    """Another process has the port or the state; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """Bound sockets of both ports."""

    all: tuple[socket.socket, ...]

    @property
    def bindings(self) -> list[str]:
        """The sockets as the server takes them over."""
        return [f"fd://{bound.fileno()}" for bound in self.all]

    def close(self) -> None:
        """Give the ports back."""
        for bound in self.all:
            bound.close()


def listen(settings: LocalSettings) -> Sockets:
    """Bind 127.0.0.1 on both ports, and ::1 for the API where this machine has it.

    Raises:
        TakenError: a port is in use.
    """
    bound = [
        _bind(socket.AF_INET, "127.0.0.1", settings.aws_port, "AWS_PORT"),
        _bind(socket.AF_INET, "127.0.0.1", settings.api_port, "API_PORT"),
    ]
    if socket.has_ipv6:
        with suppress(OSError):  # a machine without IPv6 loopback
            bound.append(_bind(socket.AF_INET6, "::1", settings.api_port, "API_PORT"))
    return Sockets(tuple(bound))


def lock(settings: LocalSettings) -> IO[str]:
    """Keep other processes off the state for as long as the returned file is open.

    Raises:
        TakenError: another process works on the state.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    file = (settings.state / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        message = f"another local stack works in {settings.state}: stop it, or choose another place with LOCAL_STATE"
        raise TakenError(message) from error
    return file


def _bind(family: socket.AddressFamily, host: str, port: int, variable: str) -> socket.socket:
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} on {host} is in use: stop what listens there, or choose another with {variable}"
            raise TakenError(message) from error
        raise
    return taken
