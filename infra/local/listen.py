"""The sockets of the process: loopback only, taken before anything else so that a taken port is known at once."""

import errno
import socket
from contextlib import suppress
from dataclasses import dataclass

from infra.local.settings import LocalSettings


class PortTakenError(Exception):
    """Another process listens on the port; the message says which and what to do."""


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
        PortTakenError: a port is in use.
    """
    bound = [
        _bind(socket.AF_INET, "127.0.0.1", settings.aws_port, "AWS_PORT"),
        _bind(socket.AF_INET, "127.0.0.1", settings.api_port, "API_PORT"),
    ]
    if socket.has_ipv6:
        with suppress(OSError):  # a machine without IPv6 loopback
            bound.append(_bind(socket.AF_INET6, "::1", settings.api_port, "API_PORT"))
    return Sockets(tuple(bound))


def _bind(family: socket.AddressFamily, host: str, port: int, variable: str) -> socket.socket:
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} on {host} is in use: stop what listens there, or choose another with {variable}"
            raise PortTakenError(message) from error
        raise
    return taken
