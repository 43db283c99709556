"""Stages: defaults, and that a wrong environment is refused by name."""

import pytest

from infra.config import STAGES, ConfigurationError, JwtAlgorithm, stage_config
from infra.packaging.platform import LayerPlatform


def test_default_is_dev() -> None:
    config = stage_config({})
    assert (config.name, config.prefix, config.platform) == ("dev", "task-orchestrator-dev", LayerPlatform.AWS)
    assert (config.identity.issuer, config.identity.audience) == ("task-orchestrator-local", "task-orchestrator")


def test_only_prod_keeps_data() -> None:
    assert {name: config.keeps_data for name, config in STAGES.items()} == {"dev": False, "prod": True}


def test_an_issuer_of_ones_own() -> None:
    keys = "https://id.example.org/jwks.json"
    config = stage_config(
        {"STAGE": "prod", "JWT_ALGORITHM": "RS256", "JWT_JWKS_URL": keys, "JWT_ISSUER": "https://id.example.org"}
    )
    assert config.identity.algorithm is JwtAlgorithm.RS256
    assert (config.identity.uses_secret, config.identity.jwks_url) == (False, keys)


def test_webhooks_reach_private_addresses_and_plain_http_only_in_dev() -> None:
    dev, prod = STAGES["dev"], STAGES["prod"]
    assert (dev.webhook_allow_http, prod.webhook_allow_http) == (True, False)
    assert "localhost" in dev.webhook_allowed_hosts
    assert prod.webhook_allowed_hosts == ()


def test_other_accounts_are_let_in_by_configuration() -> None:
    assert stage_config({}).command_accounts == ()
    assert stage_config({"COMMAND_ACCOUNTS": "123456789012, 210987654321"}).command_accounts == (
        "123456789012",
        "210987654321",
    )


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({"STAGE": "test"}, "STAGE"),
        ({"LAYER_PLATFORM": "x86"}, "LAYER_PLATFORM"),
        ({"JWT_ALGORITHM": "none"}, "JWT_ALGORITHM"),
        ({"COMMAND_ACCOUNTS": "123456789012,12345"}, "COMMAND_ACCOUNTS"),
        ({"JWT_ALGORITHM": "RS256"}, "JWT_JWKS_URL"),
        ({"JWT_ALGORITHM": "ES256", "JWT_JWKS_URL": "http://id.example.org/jwks.json"}, "JWT_JWKS_URL"),
    ],
)
def test_wrong_environment_is_refused_by_name(environment: dict[str, str], variable: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        stage_config(environment)


def test_allowed_origins_are_listed() -> None:
    assert stage_config({"ALLOWED_ORIGINS": "https://a.example, https://b.example"}).allowed_origins == (
        "https://a.example",
        "https://b.example",
    )
    assert stage_config({"ALLOWED_ORIGINS": ""}).allowed_origins == ()


def test_queues_of_services_are_names_or_arns_of_standard_queues() -> None:
    arn = "arn:aws:sqs:us-east-1:123456789012:theirs"
    assert stage_config({"SERVICE_QUEUES": f"work, {arn}, work"}).service_queues == ("work", arn)
    assert stage_config({"SERVICE_QUEUES": ""}).service_queues == ()
    for wrong in ("Two Words", f"{arn}.fifo", "https://sqs.us-east-1.amazonaws.com/123456789012/q"):
        with pytest.raises(ConfigurationError, match="SERVICE_QUEUES"):
            stage_config({"SERVICE_QUEUES": wrong})
