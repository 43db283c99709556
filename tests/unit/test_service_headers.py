"""Headers on their way out and in: which modelled ones can be sent, and how long a `Retry-After` asks us to wait."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.adapters.http import retry_after
from orchestrator.domain.service_headers import sendable
from orchestrator.domain.webhooks.delivery import Answer

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("0", 0),
        (" 120 ", 120),
        ("9" * 400, 9_999_999_999),
        ("Wed, 04 Mar 2026 12:02:00 GMT", 120),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
        ("Wed, 04 Mar 2026 13:02:00 +0100", 120),
    ],
)
def test_retry_after(header: str | None, seconds: int | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_of_a_receiver_disturbs_us(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [(429, 60, 60), (503, 60, 60), (500, 60, 0), (200, 60, 0), (None, None, 0), (503, None, 0), (503, 99_999, 3600)],
)
def test_a_pause_is_for_those_who_have_too_much_to_do(status: int | None, asked: int | None, seconds: int) -> None:
    assert Answer(duration_ms=1, status_code=status, retry_after=asked).pause.total_seconds() == seconds


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12)))
def test_what_is_sent_can_be_sent(headers: dict[str, str]) -> None:
    sent = sendable(headers, beside=["X-Ours"])
    assert sent.items() <= headers.items()
    assert len({name.lower() for name in sent}) == len(sent)
    for name, value in sent.items():
        assert name.isascii()
        assert not {" ", ":", "\n", "\r"} & set(name)
        assert value.isascii()
        assert not {"\n", "\r", "\0"} & set(value)


def test_what_is_ours_stays_ours() -> None:
    theirs = {"HOST": "h", "Authorization": "a", "idempotency-key": "i", "x-ours": "o", "X-Model": "v7"}
    assert sendable(theirs, beside=["X-Ours"]) == {"X-Model": "v7"}
    assert sendable({"X-A": "1", "x-a": "2"}) == {"x-a": "2"}
