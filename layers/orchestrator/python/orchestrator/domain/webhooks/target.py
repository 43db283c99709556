"""Where a webhook points: the rules for its URL."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.webhooks.addresses import why_forbidden

FIELD = "url"
LONGEST_URL = 2048
_DEFAULT_PORTS = {"https": 443, "http": 80}


class ForbiddenTarget(Exception):  # noqa: N818 - it names the finding
    """A host whose address may not be reached; the message says which block it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL, taken apart. `host` is in lower case and in ASCII (IDNA), without the brackets of IPv6."""

    scheme: str
    host: str
    port: int
    resource: str

    @property
    def authority(self) -> str:
        """The value of the Host header (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRules:
    """What the stage allows: `allow_http` beside https, and hosts that are reached whatever their address."""

    allow_http: bool = False
    allowed_hosts: frozenset[str] = frozenset()

    def parse(self, url: str) -> Target:
        """Take a URL apart.

        Raises:
            InvalidRequest: field `url`: malformed, too long, another scheme, or with credentials or a fragment.
        """
        parts = _split(url)
        self._check_scheme(parts.scheme)
        if parts.username is not None or parts.password is not None:
            raise InvalidRequest(FIELD, "must not contain credentials; use `authentication`")
        if parts.fragment:
            raise InvalidRequest(FIELD, "must not have a fragment")
        return Target(
            scheme=parts.scheme,
            host=_host(parts),
            port=_port(parts),
            resource=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )

    def check(self, target: Target, addresses: Sequence[str]) -> None:
        """Judge the addresses that the target's host stands for, now.

        Raises:
            ForbiddenTarget: one of them is not public, and the host is not on the stage's list.
        """
        if target.host in self.allowed_hosts:
            return
        for address in addresses:
            if block := why_forbidden(address):
                raise ForbiddenTarget(f"{target.host} is at {address}: {block} addresses are not allowed")

    def _check_scheme(self, scheme: str) -> None:
        allowed = ("https", "http") if self.allow_http else ("https",)
        if scheme not in allowed:
            raise InvalidRequest(FIELD, f"must begin with {' or '.join(f'{name}://' for name in allowed)}")


def allowed_hosts(listed: str) -> frozenset[str]:
    """The hosts of a comma separated list."""
    hosts = (host.strip().lower() for host in listed.split(","))
    return frozenset(host for host in hosts if host)


def is_literal(host: str) -> bool:
    """Tell whether a host is an IP address and no name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL:
        raise InvalidRequest(FIELD, f"must have at most {LONGEST_URL} characters")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise InvalidRequest(
            FIELD, "must be an absolute URL in ASCII, without spaces, control characters and backslashes"
        )
    try:
        return urlsplit(url)
    except ValueError as error:
        raise InvalidRequest(FIELD, f"is malformed: {error}") from None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise InvalidRequest(FIELD, "must name a host")
    labels = host.split(".")
    if not is_literal(host) and any(not label or len(label) > 63 for label in labels):  # noqa: PLR2004 - RFC 1035
        raise InvalidRequest(FIELD, "has a malformed host name")
    return host


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise InvalidRequest(FIELD, "has a malformed port") from None
    if port == 0:
        raise InvalidRequest(FIELD, "has a malformed port")
    return port or _DEFAULT_PORTS[parts.scheme]
