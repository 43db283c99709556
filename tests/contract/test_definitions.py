"""Definitions on the record: versions, publication, status changes, deletion."""

import pytest

from orchestrator.compiler.pipeline import compile_process
from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.services.definitions.validation import ValidationOptions
from tests.builders import ADA, MODEL, Runtime

S = DefinitionStatus
OTHER = MODEL + "userTask:third\n"


POOLS = """
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="buyer"><startEvent id="s1"/><sequenceFlow id="f1" sourceRef="s1" targetRef="e1"/><endEvent id="e1"/></process>
  <process id="seller"><startEvent id="s2"/><sequenceFlow id="f2" sourceRef="s2" targetRef="e2"/><endEvent id="e2"/></process>
</definitions>"""


def update(runtime: Runtime, definition: str, **fields):
    return runtime.definitions.update(ADA, definition, DefinitionUpdate(**fields))


def test_a_draft_is_validated_then_published(runtime: Runtime) -> None:
    definition = runtime.defined()
    assert runtime.definitions.get(ADA, definition)[0].status is S.DRAFT
    result = runtime.definitions.validate(ADA, definition, ValidationOptions())
    assert result.is_valid
    assert runtime.definitions.get(ADA, definition)[0].status is S.VALIDATED
    published = runtime.definitions.publish(ADA, definition)
    assert published.status is S.PUBLISHED
    assert list(runtime.engine.machines) == [f"arn:task-orchestrator-test-{definition}-1-0-0"]


def test_publishing_again_changes_nothing(runtime: Runtime) -> None:
    definition = runtime.defined()
    first = runtime.definitions.publish(ADA, definition)
    runtime.calls.clear()
    assert runtime.definitions.publish(ADA, definition) == first
    assert dict(runtime.calls) == {"Query": 1}


def test_published_content_is_immutable(runtime: Runtime) -> None:
    definition = runtime.published()
    for version in (None, "1.0.0", "0.9.9"):
        with pytest.raises(Conflict) as refused:
            update(runtime, definition, content=OTHER, version=version)
        assert refused.value.current_status == "published"
    assert update(runtime, definition, content=MODEL, name="Same content").status is S.PUBLISHED


def test_a_new_version_is_drafted_while_the_old_one_serves(runtime: Runtime) -> None:
    definition = runtime.published()
    drafted = update(runtime, definition, content=OTHER, version="1.1.0")
    assert (drafted.status, str(drafted.version)) == (S.DRAFT, "1.1.0")
    assert str(runtime.status(runtime.created(definition)).definition_version) == "1.0.0"
    runtime.definitions.publish(ADA, definition)
    assert str(runtime.status(runtime.created(definition)).definition_version) == "1.1.0"
    assert [str(version) for version, _ in runtime.definition_store.versions(definition)] == ["1.0.0", "1.1.0"]


def test_a_draft_changes_under_its_version(runtime: Runtime) -> None:
    definition = runtime.defined()
    runtime.definitions.validate(ADA, definition, ValidationOptions())
    assert update(runtime, definition, content=OTHER).status is S.DRAFT
    assert runtime.definitions.get(ADA, definition)[1] == OTHER


def test_deprecated_definitions_take_no_new_instances_until_they_are_back(runtime: Runtime) -> None:
    definition = runtime.published()
    update(runtime, definition, status=S.DEPRECATED)
    with pytest.raises(Conflict):
        runtime.created(definition)
    update(runtime, definition, status=S.PUBLISHED)
    runtime.created(definition)


def test_archived_is_final(runtime: Runtime) -> None:
    definition = runtime.published()
    update(runtime, definition, status=S.ARCHIVED)
    for attempt in (
        lambda: update(runtime, definition, name="x"),
        lambda: runtime.definitions.publish(ADA, definition),
        lambda: runtime.definitions.validate(ADA, definition, ValidationOptions()),
        lambda: runtime.created(definition),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.current_status == "archived"


@pytest.mark.parametrize("status", [S.DRAFT, S.VALIDATED, S.PUBLISHED, S.DEPRECATED])
def test_statuses_that_no_update_reaches(runtime: Runtime, status: DefinitionStatus) -> None:
    definition = runtime.defined()
    if status is S.DRAFT:
        runtime.definitions.publish(ADA, definition)
    with pytest.raises(Conflict):
        update(runtime, definition, status=status)


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n", "", "9999999.0.0"])
def test_versions_have_three_numbers(runtime: Runtime, version: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        runtime.defined(version=version)
    assert refused.value.field == "version"


def test_deletion_waits_for_active_instances(runtime: Runtime) -> None:
    definition = runtime.published()
    instance = runtime.started(definition)
    with pytest.raises(Conflict) as refused:
        runtime.definitions.delete(ADA, definition)
    assert refused.value.details["active_instances"] == 1
    runtime.dispatcher.complete(runtime.call(instance), {})
    runtime.definitions.delete(ADA, definition)
    with pytest.raises(NotFound):
        runtime.definitions.get(ADA, definition)
    assert runtime.engine.machines == {}
    assert runtime.definition_store.versions(definition) == ()
    assert runtime.status(instance).status == "completed"
    left = [item["sk"] for item in runtime.table.all(f"DEFINITION#{definition}")]
    assert all(sort_key.startswith("EVENT#") for sort_key in left)


def test_an_instance_cannot_slip_in_while_its_definition_is_deleted(runtime: Runtime) -> None:
    definition = runtime.published()
    runtime.created(definition)
    shards = {}
    head = runtime.definition_store.load(definition)
    from orchestrator.adapters.dynamodb import counters
    from orchestrator.ports.conflicts import StaleRecord

    read = counters.read
    counters.read = lambda *_, **__: shards  # what was read before the instance came
    try:
        with pytest.raises(StaleRecord):
            runtime.definition_store.delete(head, ())
    finally:
        counters.read = read


def test_validation_compares_services_and_agents_with_the_registry(runtime: Runtime) -> None:
    runtime.table.put({"pk": "SERVICE", "sk": "known", "endpoint": "http://known"})
    runtime.table.put({"pk": "AGENT", "sk": "agent-1"})
    model = """
    serviceTask:a {"task_type": "known"}
    serviceTask:b {"task_type": "unknown"}
    userTask:c {"assignee": "agent-1"}
    userTask:d {"assignee": "agent-2"}
    userTask:e
    """
    definition = runtime.defined(model, metadata={"dependencies": ["also-unknown"]})
    result = runtime.definitions.validate(ADA, definition, ValidationOptions())
    assert result.is_valid
    assert result.service_dependencies.missing_services == ("also-unknown", "unknown")
    assert result.service_dependencies.available_services == ("known",)
    assert result.agent_assignments.unassigned_tasks == ("e",)
    assert [invalid["agent_id"] for invalid in result.agent_assignments.invalid_assignments] == ["agent-2"]
    assert {finding.code for finding in result.warnings} == {"UNKNOWN_SERVICE", "UNKNOWN_AGENT"}
    strict = runtime.definitions.validate(ADA, definition, ValidationOptions(strict_mode=True))
    assert not strict.is_valid
    assert runtime.definitions.get(ADA, definition)[0].status is S.DRAFT
    neither = ValidationOptions(check_service_dependencies=False, validate_agent_assignments=False)
    relaxed = runtime.definitions.validate(ADA, definition, neither)
    assert (relaxed.findings, relaxed.service_dependencies, relaxed.agent_assignments) == ((), None, None)


def test_large_models_go_to_the_payload_bucket_and_come_back(runtime: Runtime) -> None:
    import random

    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=500_000))
    content = MODEL + 'userTask:big {"documentation": "' + noise + '"}\n'
    definition = runtime.published(content)
    assert runtime.definitions.get(ADA, definition)[1] == content
    assert runtime.payloads.texts
    assert runtime.definition_store.load_catalogue(definition, runtime.definition_store.load(definition).version)


@pytest.fixture
def compiling(runtime: Runtime) -> Runtime:
    object.__setattr__(runtime.definitions, "compiler", compile_process)
    return runtime


def test_of_several_processes_the_one_asked_for_is_published(compiling: Runtime) -> None:
    definition = compiling.published(POOLS, process_id="seller")
    assert compiling.definitions.get(ADA, definition)[0].process_id == "seller"
    assert compiling.catalogue_of(compiling.created(definition)).process_id == "seller"


def test_of_several_processes_the_first_is_published_with_a_warning(compiling: Runtime) -> None:
    definition = compiling.published(POOLS)
    taken, _ = compiling.definitions.get(ADA, definition)
    assert taken.process_id is None
    assert taken.validation is not None
    assert [found.code for found in taken.validation.warnings] == ["OTHER_PROCESSES"]
    assert compiling.catalogue_of(compiling.created(definition)).process_id == "buyer"


def test_a_process_that_is_not_there(compiling: Runtime) -> None:
    with pytest.raises(InvalidRequest) as refused:
        compiling.defined(POOLS, process_id="broker")
    assert refused.value.field == "process_id"


def test_another_process_of_the_same_file_is_other_content(compiling: Runtime) -> None:
    definition = compiling.published(POOLS, process_id="seller")
    with pytest.raises(Conflict):
        update(compiling, definition, content=POOLS, process_id="buyer")
    with pytest.raises(InvalidRequest) as refused:
        update(compiling, definition, process_id="buyer", version="1.1.0")
    assert refused.value.field == "process_id"
    assert update(compiling, definition, content=POOLS, process_id="seller").status is S.PUBLISHED
    drafted = update(compiling, definition, content=POOLS, process_id="buyer", version="1.1.0")
    assert (drafted.status, drafted.process_id) == (S.DRAFT, "buyer")
    assert compiling.definitions.publish(ADA, definition).process_id == "buyer"
