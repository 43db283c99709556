"""The two ports: what is served, and to whom it is refused."""

import re

import pytest
import requests

from tests.local.conftest import PREFIX, Tiny

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("local")]


def test_the_api_is_at_the_root(tiny: Tiny) -> None:
    answer = tiny.get("/orders/1?a=b")
    assert answer.status_code == 200
    assert (answer.json()["path"], answer.json()["query"]) == ("/orders/1", {"a": "b"})


@pytest.mark.parametrize("path", ["/crash", "/odd"])
def test_a_failing_function_answers_what_the_template_says(tiny: Tiny, path: str) -> None:
    answer = tiny.get(path)
    assert answer.status_code == 500
    body = answer.json()
    assert (body["code"], body["path"]) == ("INTERNAL", f"/v1{path}")
    assert re.fullmatch(r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000", body["at"])
    assert "secret" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.nip.io", "localhost.evil.example", ""])
def test_a_foreign_host_is_refused_on_both_ports(tiny: Tiny, host: str) -> None:
    for port in (tiny.api_port, tiny.aws_port):
        answer = requests.get(f"http://127.0.0.1:{port}/orders", headers={"Host": f"{host}:{port}"}, timeout=5)
        assert answer.status_code in (400, 403)


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_web_page_reaches_the_aws_port(tiny: Tiny, header: dict) -> None:
    url = f"http://127.0.0.1:{tiny.aws_port}/"
    for method in ("GET", "OPTIONS", "POST"):
        answer = requests.request(method, url, headers=header, timeout=5)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/health", "/_ministack/config"])
def test_the_endpoints_own_administration_is_closed(tiny: Tiny, path: str) -> None:
    assert requests.post(f"http://127.0.0.1:{tiny.aws_port}{path}", timeout=5).status_code == 404
    assert tiny.get("/orders").status_code == 200


def test_time_to_live_and_the_signing_secret_are_set(tiny: Tiny) -> None:
    found = tiny.client("dynamodb").describe_time_to_live(TableName=PREFIX)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    secret = tiny.client("secretsmanager").get_secret_value(SecretId=f"{PREFIX}/jwt-secret")["SecretString"]
    file = tiny.state / "jwt-secret"
    assert secret == file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_repairer_was_woken_by_scheduled_events_once_each(tiny: Tiny) -> None:
    import json

    from tests.local.conftest import until

    for noted in until(lambda: tiny.items("event")):
        event = json.loads(noted["value"]["S"])
        assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
        assert event["resources"] == [f"arn:aws:events:us-east-1:000000000000:rule/{PREFIX}-repair"]
        assert noted["times"]["N"] == "1"
