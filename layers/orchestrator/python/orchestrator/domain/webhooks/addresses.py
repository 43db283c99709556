"""Which network addresses a webhook may reach: the public ones, and nothing that only we can reach.

The blocks are those of the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates)
that are not globally reachable, plus multicast. IPv6 forms that carry an IPv4 address are judged by it.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_BLOCKS: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local (metadata)"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/96", "unspecified, loopback or IPv4-compatible"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("100:0:0:1::/64", "dummy"),
    ("2001::/23", "protocol assignments (Teredo)"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "unique local (metadata)"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_FORBIDDEN = tuple((ip_network(block), name) for block, name in _BLOCKS)
_CARRIERS = tuple(IPv6Network(block) for block in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"))
_IPV4_BITS = 0xFFFFFFFF


def why_forbidden(address: str) -> str | None:
    """The name of the special block that a literal address lies in; None: it is a public address.

    Raises:
        ValueError: the text is no IP address.
    """
    if "%" in address:
        return "scoped"
    parsed = _carried(ip_address(address))
    return next((name for block, name in _FORBIDDEN if _within(parsed, block)), None)


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv4-mapped, IPv4-translated or NAT64 one; else the address itself."""
    if isinstance(address, IPv6Address) and any(address in carrier for carrier in _CARRIERS):
        return IPv4Address(int(address) & _IPV4_BITS)
    return address


def _within(address: IPv4Address | IPv6Address, block: IPv4Network | IPv6Network) -> bool:
    return address.version == block.version and address in block
