"""Which process of a file is run."""

import pytest

from orchestrator.compiler.bpmn.selection import select_process
from tests.compiler.bpmn.models import codes, definitions, read

OTHERS = "OTHER_PROCESSES"
EMPTY = '<process id="box"/>'


def process(id_, executable=None, body='<task id="t-{id}"/>'):
    attribute = "" if executable is None else f'isExecutable="{executable}"'
    return f'<process id="{id_}" {attribute}>{body.replace("{id}", id_)}</process>'


def select(*processes, process_id=None):
    document, _ = read(definitions("".join(processes)))
    chosen, findings = select_process(document, process_id)
    return (None if chosen is None else chosen.id), codes(findings)


def test_the_only_one():
    assert select(process("a")) == ("a", [])
    assert select(process("a"), EMPTY) == ("a", [])


def test_one_that_is_not_executable_runs_with_a_warning():
    assert select(process("a", "false")) == ("a", ["NOT_EXECUTABLE"])


def test_rather_an_executable_one():
    assert select(process("a"), process("b", "true"), process("c", "false")) == ("b", [OTHERS])


def test_rather_one_that_is_not_called():
    caller = process("a", "true", body='<callActivity id="c" calledElement="b"/>')
    assert select(process("b", "true"), caller) == ("a", [OTHERS])


def test_rather_one_with_a_start_event():
    assert select(process("a"), process("b", body='<startEvent id="s"/>')) == ("b", [OTHERS])


def test_rather_one_that_begins_without_an_event():
    waiting = '<startEvent id="s-{id}"><messageEventDefinition/></startEvent>'
    assert select(process("a", body=waiting), process("b", body='<startEvent id="s"/>')) == ("b", [OTHERS])


def test_processes_that_call_each_other():
    first = process("a", body='<callActivity id="c" calledElement="b"/>')
    second = process("b", body='<callActivity id="d" calledElement="a"/>')
    assert select(first, second) == ("a", [OTHERS])


@pytest.mark.parametrize("executable", [None, "true", "false"])
def test_the_first_of_several_with_a_warning_that_names_the_others(executable):
    document, _ = read(definitions(process("a", executable) + process("b", executable)))
    chosen, findings = select_process(document)
    assert chosen is not None
    assert chosen.id == "a"
    (found,) = [finding for finding in findings if finding.code == OTHERS]
    assert found.severity == "warning"
    assert "'b'" in found.message


def test_the_one_asked_for():
    assert select(process("a", "true"), process("b"), process_id="b") == ("b", [])
    assert select(process("a"), process_id="b") == (None, ["PROCESS_NOT_FOUND"])


def test_nothing_to_run():
    assert select(EMPTY) == (None, ["NO_PROCESS"])
