"""The Standard Webhooks scheme: its published vector, rotation, and what a receiver computes by itself."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.webhooks import signature

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
KEY = signature.from_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def verifies(key: signature.SigningKey, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver does it."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = base64.b64decode(key.secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
    return expected in headers["webhook-signature"].split(" ")


def test_the_published_vector() -> None:
    headers = signature.headers(
        [KEY],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        now=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200))
def test_receivers_verify_with_any_key(random: bytes, body: bytes) -> None:
    key = signature.from_bytes(random)
    assert signature.from_text(key.secret).key == random
    headers = signature.headers([key], message_id="event-1", now=NOW, body=body)
    assert verifies(key, headers, body)
    assert not verifies(key, headers, body + b"x")


def test_during_a_rotation_both_keys_verify_and_afterwards_only_the_new_one() -> None:
    new = signature.from_bytes(b"n" * 32)
    keys = signature.rotate([KEY], new, now=NOW, overlap=timedelta(hours=1))
    during = signature.headers(keys, message_id="m", now=NOW + timedelta(minutes=59), body=b"")
    after = signature.headers(keys, message_id="m", now=NOW + timedelta(minutes=61), body=b"")
    assert verifies(new, during, b"")
    assert verifies(KEY, during, b"")
    assert verifies(new, after, b"")
    assert not verifies(KEY, after, b"")


def test_a_rotation_without_overlap_drops_the_old_key() -> None:
    assert signature.rotate([KEY], signature.from_bytes(b"n" * 32), now=NOW, overlap=timedelta())[1:] == ()


@given(st.lists(st.integers(0, 200), max_size=12))
def test_few_keys_sign_however_often_they_rotate(overlaps: list[int]) -> None:
    keys: tuple[signature.SigningKey, ...] = (KEY,)
    for place, hours in enumerate(overlaps):
        new = signature.from_bytes(place.to_bytes(32))
        keys = signature.rotate(keys, new, now=NOW + place * timedelta(hours=1), overlap=timedelta(hours=hours))
        assert keys[0] == new
        assert keys[0].expires_at is None
        assert len(keys) <= signature.MOST_KEYS
        assert all(key.expires_at is not None for key in keys[1:])


@pytest.mark.parametrize(
    "text",
    ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***", "whsec_c2hvcnQ=", "whsec_" + "A" * 100, "whsec_é"],
)
def test_malformed_secrets_are_refused_without_being_told(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        signature.from_text(text)
    assert refused.value.field == "signing_secret"
    assert len(text) < 7 or text[6:] not in refused.value.reason


def test_keys_do_not_show_in_representations() -> None:
    assert "MfKQ" not in repr(KEY)
