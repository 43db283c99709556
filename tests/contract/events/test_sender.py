"""Requests to real receivers: every kind of answer, and addresses that are never called."""

import datetime as dt
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from orchestrator.adapters.http import BODY_KEPT, HttpWebhookSender, SystemResolver
from orchestrator.domain.webhooks.delivery import Answer, AttemptError
from orchestrator.domain.webhooks.target import TargetRules
from tests.contract.events.receiver import Behaviour, Receiver, close, garbage, receiving, status

LOCAL = TargetRules(allow_http=True, allowed_hosts=frozenset({"127.0.0.1", "localhost", "hooks.test"}))
SECONDS = 0.6


@dataclass
class Names:
    """A resolver that tells what a test wants, one answer per question."""

    answers: list[tuple[str, ...]]

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def post(url: str, rules: TargetRules = LOCAL, resolver=None, tls: ssl.SSLContext | None = None) -> Answer:
    sender = HttpWebhookSender(rules=rules, resolver=resolver or SystemResolver(), seconds=SECONDS, tls=tls)
    return sender.post(url, headers={"Content-Type": "application/json", "webhook-id": "event-1"}, body=b'{"a":1}')


def answer_to(behaviour: Behaviour | str) -> tuple[Answer, Receiver]:
    with receiving() as receiver:
        receiver.behaviour = getattr(receiver, behaviour) if isinstance(behaviour, str) else behaviour
        return post(receiver.url), receiver


def test_a_request_arrives_as_it_was_meant() -> None:
    answer, receiver = answer_to(status(200, b"thanks"))
    assert (answer.status_code, answer.body, answer.error, answer.succeeded) == (200, "thanks", None, True)
    (got,) = receiver.received
    assert (got.path, got.body) == ("/hooks?a=b", b'{"a":1}')
    assert got.headers["webhook-id"] == "event-1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-length"] == "7"


@pytest.mark.parametrize("code", [204, 201, 299])
def test_every_2xx_is_a_success(code: int) -> None:
    assert answer_to(status(code))[0].succeeded


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (301, AttemptError.REDIRECT),
        (307, AttemptError.REDIRECT),
        (404, AttemptError.STATUS),
        (500, AttemptError.STATUS),
    ],
)
def test_everything_else_is_a_failure(code: int, error: AttemptError) -> None:
    answer, _ = answer_to(status(code, b"no"))
    assert (answer.status_code, answer.error, answer.succeeded) == (code, error, False)


def test_redirects_are_not_followed() -> None:
    with receiving() as second, receiving(status(302, Location=second.url)) as first:
        assert post(first.url).error is AttemptError.REDIRECT
        assert second.received == []


def test_gone_is_gone() -> None:
    assert answer_to(status(410))[0].is_gone


def test_long_answers_are_cut() -> None:
    answer, _ = answer_to(status(200, b"x" * 5_000_000))
    assert answer.body == "x" * BODY_KEPT
    assert answer.succeeded


def test_answers_that_are_no_text_are_kept_readable() -> None:
    assert answer_to(status(200, b"\xff\xfe\x00ok"))[0].body.endswith("ok")


@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip_headers"])
def test_no_receiver_holds_us_longer_than_the_limit(behaviour: str) -> None:
    answer, _ = answer_to(behaviour)
    assert (answer.error, answer.status_code) == (AttemptError.TIMEOUT, None)
    assert answer.duration_ms < SECONDS * 1000 * 3


def test_a_receiver_that_hangs_up() -> None:
    assert answer_to(close)[0].error is AttemptError.CONNECTION


def test_a_receiver_that_speaks_something_else() -> None:
    assert answer_to(garbage)[0].error is AttemptError.PROTOCOL


def test_a_receiver_that_is_not_there() -> None:
    with receiving() as receiver:
        url = receiver.url
    assert post(url).error is AttemptError.CONNECTION


def test_a_name_that_does_not_resolve() -> None:
    assert post("http://does-not-exist.invalid/").error is AttemptError.UNRESOLVED_HOST


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"],
)
def test_our_own_machine_is_never_called(host: str) -> None:
    strict = TargetRules(allow_http=True)
    with receiving() as receiver:
        answer = post(f"http://{host}:{receiver.port}/", rules=strict)
        assert answer.error in {AttemptError.FORBIDDEN_ADDRESS, AttemptError.UNRESOLVED_HOST}
        assert receiver.received == []


def test_a_name_that_moves_after_registration_is_not_followed() -> None:
    """DNS rebinding: first a public address, then ours."""
    strict, names = TargetRules(allow_http=True), Names([("8.8.8.8",), ("127.0.0.1",)])
    with receiving() as receiver:
        url = f"http://rebind.test:{receiver.port}/"
        strict.check(strict.parse(url), names.addresses("rebind.test", receiver.port))
        assert post(url, rules=strict, resolver=names).error is AttemptError.FORBIDDEN_ADDRESS
        assert receiver.received == []


def test_a_name_is_resolved_once_and_the_checked_address_called() -> None:
    with receiving() as receiver:
        names = Names([("127.0.0.1",), ("203.0.113.1",)])
        answer = post(f"http://hooks.test:{receiver.port}/", resolver=names)
        assert answer.succeeded
        assert receiver.received[0].headers["host"] == f"hooks.test:{receiver.port}"


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with receiving() as receiver:
        names = Names([("127.0.0.2", "127.0.0.1")])
        assert post(f"http://hooks.test:{receiver.port}/", resolver=names).succeeded


def test_slow_receivers_do_not_delay_others() -> None:
    with receiving() as slow, receiving() as quick:
        slow.behaviour = slow.hang
        answers: list[Answer] = []
        threads = [threading.Thread(target=lambda: post(slow.url)) for _ in range(8)]
        threads.append(threading.Thread(target=lambda: answers.append(post(quick.url))))
        for thread in threads:
            thread.start()
        threads[-1].join()
        assert answers[0].succeeded
        assert any(thread.is_alive() for thread in threads)
        for thread in threads:
            thread.join()


class TestTls:
    @pytest.fixture
    def pki(self, tmp_path: Path) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.test")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.test")]), critical=False)
            .sign(key, hashes.SHA256())
        )
        encodings = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path = tmp_path / "both.pem"
        path.write_bytes(key.private_bytes(*encodings) + certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def call(self, pki: Path, host: str, trusted: ssl.SSLContext | None) -> Answer:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(pki)
        with receiving(tls=server) as receiver:
            names = Names([("127.0.0.1",)])
            rules = TargetRules(allowed_hosts=frozenset({"hooks.test", "other.test"}))
            return post(f"https://{host}:{receiver.port}/", rules=rules, resolver=names, tls=trusted)

    def test_the_named_host_is_verified(self, pki: Path) -> None:
        trusted = ssl.create_default_context(cafile=str(pki))
        assert self.call(pki, "hooks.test", trusted).succeeded
        assert self.call(pki, "other.test", trusted).error is AttemptError.TLS

    def test_unknown_issuers_are_refused(self, pki: Path) -> None:
        assert self.call(pki, "hooks.test", None).error is AttemptError.TLS
