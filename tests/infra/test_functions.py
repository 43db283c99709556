"""Functions: what there is, how each is made and what its environment says."""

from pathlib import Path

import pytest

from orchestrator.api.endpoints import Group
from orchestrator.settings import (
    AdmissionSettings,
    AuthorizerSettings,
    DispatchSettings,
    EngineSettings,
    FanOutSettings,
    HealthSettings,
    InboundSettings,
    RelaySettings,
    ResourceSettings,
    ServiceCallSettings,
    ServiceSettings,
    Settings,
    WebhookSettings,
)
from tests.infra.assembly import Assembly, text

ROOT = Path(__file__).resolve().parents[2]
#: What each function reads its environment with.
ROLES: dict[str, type[Settings]] = {
    "admission": AdmissionSettings,
    "authorizer": AuthorizerSettings,
    "task_dispatch": DispatchSettings,
    "execution_watch": EngineSettings,
    "outbox_relay": RelaySettings,
    "projector": ServiceSettings,
    "webhook_fanout": FanOutSettings,
    "webhook_delivery": WebhookSettings,
    "inbound_events": InboundSettings,
    "service_call": ServiceCallSettings,
    Group.DEFINITIONS: EngineSettings,
    Group.INSTANCES: EngineSettings,
    Group.TASKS: EngineSettings,
    Group.EXECUTION: AdmissionSettings,
    Group.INSIGHTS: ServiceSettings,
    Group.EVENTS: WebhookSettings,
    Group.RESOURCES: ResourceSettings,
    Group.HEALTH: HealthSettings,
}


def test_every_folder_is_a_function(stage: Assembly) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert stage.functions.keys() == folders == ROLES.keys()


@pytest.mark.parametrize(("folder", "role"), ROLES.items())
def test_environment_satisfies_the_settings(stage: Assembly, folder: str, role: type[Settings]) -> None:
    variables = stage.functions[folder].properties["Environment"]["Variables"]
    settings = role.from_environment({name: text(value) for name, value in variables.items()})
    assert settings.to_environment().items() <= {name: text(value) for name, value in variables.items()}.items()
    assert len(str(variables)) < 4096, "Lambda's limit for all variables"


def test_names_match_the_engine_and_the_stage(stage: Assembly) -> None:
    variables = stage.functions["instances_api"].properties["Environment"]["Variables"]
    assert variables["STAGE"] == stage.stage
    assert variables["STATE_MACHINE_PREFIX"] == f"task-orchestrator-{stage.stage}"


def test_runtime_layers_and_handler(stage: Assembly) -> None:
    layers = {row.logical_id for row in stage.stack("service").of("AWS::Lambda::LayerVersion")}
    assert len(layers) == 2
    for folder, function in stage.functions.items():
        properties = function.properties
        assert (properties["Runtime"], properties["Handler"]) == ("python3.13", "handler.handler"), folder
        assert {layer["Ref"] for layer in properties["Layers"]} == layers, folder
        assert properties["TracingConfig"] == {"Mode": "Active"}, folder


def test_prod_runs_on_arm(prod: Assembly) -> None:
    assert {tuple(row.properties["Architectures"]) for row in prod.functions.values()} == {("arm64",)}


def test_api_functions_answer_before_api_gateway_gives_up(stage: Assembly) -> None:
    for folder in [*Group, "authorizer"]:
        assert stage.functions[folder].properties["Timeout"] <= 29, folder


def test_logs_are_kept_for_a_bounded_time_in_a_group_of_their_own(stage: Assembly) -> None:
    service = stage.stack("service")
    for folder, function in stage.functions.items():
        log = service.get(function.properties["LoggingConfig"]["LogGroup"]["Ref"]).properties
        assert log["LogGroupName"] == f"/aws/lambda/{function.properties['FunctionName']}", folder
        assert log["RetentionInDays"] == {"dev": 7, "prod": 90}[stage.stage], folder


def test_snapshots_in_prod_are_what_callers_reach(prod: Assembly, dev: Assembly) -> None:
    consumers = {
        "outbox_relay",
        "projector",
        "execution_watch",
        "webhook_fanout",
        "webhook_delivery",
        "inbound_events",
        "admission",
        "service_call",
    }
    called = [folder for folder in prod.functions if folder not in consumers]
    aliases = {row.properties["FunctionName"]["Ref"] for row in prod.stack("service").of("AWS::Lambda::Alias")}
    assert aliases == {prod.functions[folder].logical_id for folder in called}
    for folder in called:
        assert prod.functions[folder].properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}, folder
    assert not dev.stack("service").of("AWS::Lambda::Alias"), "an alias would hide code that is updated in place"
