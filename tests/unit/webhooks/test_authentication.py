"""Authentication towards receivers: the headers of each scheme, and what is refused."""

import base64
import hashlib
import hmac

import pytest

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.webhooks.authentication import authentication
from orchestrator.domain.webhooks.secrets import Secrets
from orchestrator.domain.webhooks.signature import from_bytes

BODY = b'{"event_id":"event-1"}'
CASES = [
    ("bearer_token", {"token": "abc"}, {"Authorization": "Bearer abc"}),
    (
        "basic",
        {"username": "ada", "password": "pass:word"},
        {"Authorization": "Basic " + base64.b64encode(b"ada:pass:word").decode()},
    ),
    ("api_key", {"key": "k"}, {"X-API-Key": "k"}),
    ("api_key", {"key": "k", "header": "X-Mine"}, {"X-Mine": "k"}),
    (
        "hmac",
        {"secret": "s"},
        {"X-Webhook-Signature": "sha256=" + hmac.new(b"s", BODY, hashlib.sha256).hexdigest()},
    ),
    ("none", {}, {}),
]


@pytest.mark.parametrize(("auth_type", "credentials", "headers"), CASES)
def test_headers(auth_type: str, credentials: dict[str, str], headers: dict[str, str]) -> None:
    assert authentication(auth_type, credentials).headers(BODY) == headers


@pytest.mark.parametrize(
    ("auth_type", "credentials", "field"),
    [
        ("oauth", {}, "authentication.auth_type"),
        ("", {}, "authentication.auth_type"),
        ("bearer_token", {}, "authentication.credentials.token"),
        ("bearer_token", {"token": ""}, "authentication.credentials.token"),
        ("bearer_token", {"token": "a\r\nX: y"}, "authentication.credentials.token"),
        ("bearer_token", {"token": "é"}, "authentication.credentials.token"),
        ("bearer_token", {"token": "x" * 1025}, "authentication.credentials.token"),
        ("bearer_token", {"token": "x", "user": "y"}, "authentication.credentials.user"),
        ("basic", {"username": "ada"}, "authentication.credentials.password"),
        ("basic", {"username": "a:b", "password": "c"}, "authentication.credentials.username"),
        ("api_key", {"header": "X"}, "authentication.credentials.key"),
        ("api_key", {"key": "k", "header": "Host"}, "authentication.credentials.header"),
        ("api_key", {"key": "k", "header": "webhook-signature"}, "authentication.credentials.header"),
        ("api_key", {"key": "k", "header": "bad header"}, "authentication.credentials.header"),
        ("hmac", {}, "authentication.credentials.secret"),
        ("none", {"token": "x"}, "authentication.credentials.token"),
    ],
)
def test_what_is_refused(auth_type: str, credentials: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        authentication(auth_type, credentials)
    assert refused.value.field == field


def test_credentials_survive_the_way_through_the_box_and_show_nowhere() -> None:
    known = authentication("basic", {"username": "ada", "password": "hidden"})
    secrets = Secrets(keys=(from_bytes(b"k" * 32),), authentication=known)
    assert Secrets.from_text(secrets.to_text()) == secrets
    assert "hidden" not in repr(secrets)
    assert "whsec" not in repr(secrets)
