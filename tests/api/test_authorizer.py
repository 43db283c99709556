"""Bearer tokens: good ones pass with their claims, every attack gets the gateway's 401."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from functions.authorizer.handler import handler
from orchestrator.bootstrap import access as access_bootstrap
from orchestrator.bootstrap import aws as aws_bootstrap
from tests.aws import account

SECRET = "s" * 48
ISSUER, AUDIENCE = "issuer", "task-orchestrator"
ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/v1/GET/tasks/task-1"
GOOD = {"sub": "ada", "iss": ISSUER, "aud": AUDIENCE}


def claims(**changed: Any) -> dict[str, Any]:
    """Good claims with changes; None takes a claim away."""
    now = int(time.time())
    merged = {**GOOD, "iat": now, "exp": now + 60, **changed}
    return {name: value for name, value in merged.items() if value is not None}


def ask(token: str, *, scheme: str = "Bearer ", header: str = "Authorization") -> dict[str, Any]:
    event = {"type": "REQUEST", "methodArn": ARN, "headers": {header: f"{scheme}{token}"}}
    return handler(event, None)


def refused(token: str, **how: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(token, **how)


@pytest.fixture(scope="class")
def shared_secret() -> Iterator[None]:
    with account(), pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        made = boto3.client("secretsmanager").create_secret(Name="jwt-secret", SecretString=SECRET)
        _configure(monkeypatch, "HS256", JWT_SECRET_ARN=made["ARN"])
        yield
    aws_bootstrap.client.cache_clear()
    access_bootstrap.token_verifier.cache_clear()


def _configure(monkeypatch: pytest.MonkeyPatch, algorithm: str, **more: str) -> None:
    settings = {"JWT_ALGORITHM": algorithm, "JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, **more}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    aws_bootstrap.client.cache_clear()
    access_bootstrap.token_verifier.cache_clear()


def signed(key: str = SECRET, algorithm: str = "HS256", headers: dict[str, Any] | None = None, **changed: Any) -> str:
    payload = json.dumps(claims(**changed)).encode()
    return jwt.PyJWS().encode(payload, key, algorithm=algorithm, headers=headers)


@pytest.mark.usefixtures("shared_secret")
class TestSharedSecret:
    def test_the_policy_allows_the_whole_api_because_it_is_cached(self) -> None:
        policy = ask(signed(permissions=["task:read"]))
        (statement,) = policy["policyDocument"]["Statement"]
        assert statement["Effect"] == "Allow"
        assert statement["Resource"] == "arn:aws:execute-api:us-east-1:123456789012:abc/v1/*"
        assert policy["principalId"] == "ada"

    def test_claims_become_texts_of_the_context(self) -> None:
        context = ask(signed(permissions=["task:write", "task:read"], project_ids=["p1", "p2"]))["context"]
        assert context == {"subject": "ada", "permissions": "task:read task:write", "project_ids": "p1 p2"}

    def test_scope_counts_as_permissions_and_no_projects_as_all(self) -> None:
        assert ask(signed(scope="task:read event:read"))["context"] == {
            "subject": "ada",
            "permissions": "event:read task:read",
        }

    def test_an_empty_list_of_projects_stays_a_restriction(self) -> None:
        assert ask(signed(project_ids=[]))["context"]["project_ids"] == ""

    @pytest.mark.parametrize(("scheme", "header"), [("bearer ", "Authorization"), ("Bearer ", "authorization")])
    def test_names_of_header_and_scheme_ignore_case(self, scheme: str, header: str) -> None:
        assert ask(signed(), scheme=scheme, header=header)

    def test_clocks_may_differ_by_seconds(self) -> None:
        now = int(time.time())
        assert ask(signed(exp=now - 2, nbf=now + 2, iat=now + 2))

    @pytest.mark.parametrize(
        "changed",
        [
            {"exp": 1},
            {"exp": None},
            {"exp": "soon"},
            {"nbf": 9_999_999_999},
            {"iat": 9_999_999_999},
            {"iss": "other"},
            {"iss": None},
            {"iss": [ISSUER]},
            {"aud": "other"},
            {"aud": None},
            {"sub": None},
            {"sub": ""},
            {"permissions": "task:read"},
            {"permissions": [1]},
            {"permissions": ["a b"]},
            {"permissions": {"task:read": True}},
            {"project_ids": "p1"},
            {"project_ids": ["p1 p2"]},
            {"project_ids": [""]},
            {"scope": ["task:read"]},
        ],
        ids=json.dumps,
    )
    def test_wrong_claims_are_refused(self, changed: dict[str, Any]) -> None:
        refused(signed(**changed))

    @pytest.mark.parametrize(
        "token", ["", " ", "x", "a.b.c", "..", "ÿ.ÿ.ÿ", "eyJhbGciOiJIUzI1NiJ9..", "null", "a" * 20_000, "\x00"]
    )
    def test_what_is_no_token_is_refused(self, token: str) -> None:
        refused(token)

    @pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer", "Token ", "Bearer:"])
    def test_other_schemes_are_refused(self, scheme: str) -> None:
        refused(signed(), scheme=scheme)

    def test_without_the_header_nobody_gets_in(self) -> None:
        for headers in ({}, None):
            with pytest.raises(Exception, match=r"^Unauthorized$"):
                handler({"methodArn": ARN, "headers": headers}, None)

    def test_a_changed_part_breaks_the_signature(self) -> None:
        head, body, signature = signed(permissions=[]).split(".")
        richer = _part({**claims(), "permissions": ["workflow:write"]})
        refused(f"{head}.{richer}.{signature}")
        refused(f"{head}.{body}.{signature[:-4]}AAAA")
        refused(f"{head}.{body}.")

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
    def test_unsigned_tokens_are_refused(self, algorithm: str) -> None:
        refused(f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(claims())}.")

    def test_only_the_pinned_algorithm_counts(self) -> None:
        refused(signed(algorithm="HS512", key=SECRET * 2))
        refused(signed(algorithm="HS384"))

    def test_other_secrets_are_refused(self) -> None:
        refused(signed(key="t" * 48))

    def test_keys_named_by_the_token_are_not_used(self) -> None:
        for name in ("kid", "jku", "x5u"):
            refused(signed(key="t" * 48, headers={name: "../../dev/null"}))
        refused(signed(key="t" * 48, headers={"jwk": {"kty": "oct", "k": "dHR0dA"}}))

    def test_the_secret_is_fetched_once(self) -> None:
        calls: list[str] = []
        access_bootstrap.token_verifier.cache_clear()
        events = aws_bootstrap.client("secretsmanager").meta.events
        events.register("before-call.*.*", lambda model, **_: calls.append(model.name))
        for _ in range(3):
            ask(signed())
        assert calls == ["GetSecretValue"]


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Issuer:
    """Keys, and the address where their public halves are served."""

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.requests = 0
        issuer = self

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(issuer.keys).encode())

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True)
        curve = jwt.algorithms.ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "rsa", "use": "sig"}, {**curve, "kid": "ec", "use": "sig"}]}

    def token(self, key: str = "rsa", algorithm: str = "RS256", kid: str | None = "rsa", **changed: Any) -> str:
        headers = {"kid": kid} if kid else None
        return jwt.encode(claims(**changed), getattr(self, key), algorithm=algorithm, headers=headers)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def trusted(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    _configure(monkeypatch, "RS256", JWT_JWKS_URL=issuer.url)
    issuer.requests = 0
    yield issuer
    access_bootstrap.token_verifier.cache_clear()


def test_tokens_of_the_issuer_pass_and_its_keys_are_fetched_once(trusted: Issuer) -> None:
    for _ in range(3):
        assert ask(trusted.token())["principalId"] == "ada"
    assert trusted.requests == 1


def test_elliptic_curves_pass_where_they_are_pinned(trusted: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    _configure(monkeypatch, "ES256", JWT_JWKS_URL=trusted.url)
    assert ask(trusted.token("ec", "ES256", "ec"))["principalId"] == "ada"
    refused(trusted.token())


def test_a_public_key_is_no_shared_secret(trusted: Issuer) -> None:
    """The classic confusion: HS256 signed with the issuer's public key."""
    public = trusted.rsa.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unsigned = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'rsa'})}.{_part(claims())}"
    signature = hmac.new(public, unsigned.encode(), hashlib.sha256).digest()
    refused(f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}")


@pytest.mark.parametrize("kid", [None, "other", "ec", "../rsa", "' OR 1=1", ""])
def test_unknown_keys_are_refused(trusted: Issuer, kid: str | None) -> None:
    refused(trusted.token(kid=kid))


def test_keys_of_somebody_else_are_refused(trusted: Issuer) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(jwt.encode(claims(), stranger, algorithm="RS256", headers={"kid": "rsa"}))


def test_other_algorithms_of_a_known_key_are_refused(trusted: Issuer) -> None:
    refused(trusted.token(algorithm="RS512"))
    refused(trusted.token("ec", "ES256", "ec"))


def test_a_silent_issuer_is_a_fault_of_the_service_not_of_the_caller(
    trusted: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configure(monkeypatch, "RS256", JWT_JWKS_URL="http://127.0.0.1:9/jwks.json")
    with pytest.raises(Exception, match=r"^(?!Unauthorized$)"):
        ask(trusted.token())
