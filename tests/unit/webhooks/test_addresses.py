"""Which addresses may be reached: every special block at both of its ends, public addresses around them."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.webhooks.addresses import _BLOCKS, why_forbidden

FORBIDDEN = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.9",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.1.2.3",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "5f00::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_special_addresses_are_forbidden(address: str) -> None:
    assert why_forbidden(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not(address: str) -> None:
    assert why_forbidden(address) is None


@pytest.mark.parametrize("block", [block for block, _ in _BLOCKS])
def test_a_block_is_forbidden_to_its_ends(block: str) -> None:
    network = ip_network(block)
    assert why_forbidden(str(network[0]))
    assert why_forbidden(str(network[-1]))


@given(st.ip_addresses(v=4))
def test_whatever_python_calls_private_is_forbidden(address) -> None:
    if not address.is_global or address.is_multicast:
        assert why_forbidden(str(address))


@given(st.ip_addresses(v=6))
def test_whatever_python_calls_private_is_forbidden_in_ipv6(address) -> None:
    if not address.is_global and not str(address).startswith("64:ff9b:"):
        assert why_forbidden(str(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "::ffff:0:0:0", "64:ff9b::"]))
def test_a_carried_address_is_judged_as_itself(address, carrier: str) -> None:
    carried = ip_address(int(ip_address(carrier)) + int(address))
    assert why_forbidden(str(carried)) == why_forbidden(str(address))


def test_a_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="localhost"):
        why_forbidden("localhost")
