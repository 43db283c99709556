"""URLs of webhooks: what is refused, with field and reason, and what is taken apart how."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.webhooks.target import ForbiddenTarget, TargetRules

STRICT = TargetRules()
LOCAL = TargetRules(allow_http=True, allowed_hosts=frozenset({"localhost", "127.0.0.1"}))
REFUSED = [
    "", "nonsense", "example.com/x", "//example.com/x", "http://example.com/", "ftp://example.com/", "file:///etc/passwd",
    "gopher://example.com", "https://", "https:///path", "https://user:pw@example.com/", "https://user@example.com/",
    "https://example.com/#part", "https://example.com:0/", "https://example.com:65536/", "https://example.com:x/",
    "https://exa mple.com/", "https://example.com/\r\nX: y", "https://example.com\\@evil.example/", "https://[::1/",
    "https://ex..ample.com/", "https://é.example/", "https://example.com/" + "x" * 2048, "javascript:alert(1)",
    "https://" + "a" * 64 + ".example/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_target(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        STRICT.parse(url)
    assert refused.value.field == "url"
    assert refused.value.reason


@given(st.text())
def test_any_text_is_a_target_or_refused(url: str) -> None:
    with suppress(InvalidRequest):
        target = LOCAL.parse(url)
        assert target.host
        assert 0 < target.port < 65536


def test_a_url_is_taken_apart() -> None:
    target = STRICT.parse("https://Hooks.Example.COM./a/b?c=d&e")
    assert (target.scheme, target.host, target.port, target.resource) == (
        "https", "hooks.example.com", 443, "/a/b?c=d&e",
    )  # fmt: skip
    assert target.authority == "hooks.example.com"
    assert STRICT.parse("https://[2606:4700::1111]:8443").authority == "[2606:4700::1111]:8443"
    assert LOCAL.parse("http://example.com:80").authority == "example.com"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "::1", "169.254.169.254"])
def test_one_special_address_among_public_ones_is_enough_to_refuse(address: str) -> None:
    target = STRICT.parse("https://rebind.example/")
    with pytest.raises(ForbiddenTarget, match="not allowed"):
        STRICT.check(target, ["8.8.8.8", address])


def test_listed_hosts_are_reached_wherever_they_are() -> None:
    LOCAL.check(LOCAL.parse("http://localhost:8080/"), ["127.0.0.1", "::1"])
    LOCAL.check(LOCAL.parse("http://127.0.0.1:8080/"), ["127.0.0.1"])
    with pytest.raises(ForbiddenTarget):
        LOCAL.check(LOCAL.parse("http://localhost.evil.example/"), ["127.0.0.1"])
