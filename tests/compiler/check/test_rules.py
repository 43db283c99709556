"""Every rule does what its documentation says: its example breaks it, the corrected model does not."""

import re

import pytest

from orchestrator.compiler.check.checking import check_process
from orchestrator.compiler.check.documentation import render_rules
from orchestrator.compiler.check.rules import RULES
from orchestrator.compiler.check.view import view_process
from orchestrator.diagnostics import Severity
from tests.compiler.bpmn.models import codes, definitions, process, read, read_process

#: bpmnlint:recommended 11.6 without the rules about drawings
RECOMMENDED = {
    "ad-hoc-sub-process",
    "conditional-flows",
    "end-event-required",
    "event-sub-process-typed-start-event",
    "fake-join",
    "global",
    "label-required",
    "link-event",
    "no-complex-gateway",
    "no-disconnected",
    "no-duplicate-sequence-flows",
    "no-gateway-join-fork",
    "no-implicit-end",
    "no-implicit-split",
    "no-implicit-start",
    "no-inclusive-gateway",
    "single-blank-start-event",
    "single-event-definition",
    "start-event-required",
    "sub-process-blank-start-event",
    "superfluous-gateway",
    "superfluous-termination",
}


def file_of(snippet):
    if not snippet.startswith("<!--definitions-->"):
        return process(snippet)
    return definitions(snippet if "<process" in snippet else snippet + '<process id="p"><startEvent id="S"/></process>')


def findings_in(snippet):
    document, _ = read(file_of(snippet))
    return check_process(view_process(document.processes[0], document))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_example_breaks_the_rule(rule):
    found = [finding for finding in findings_in(rule.example) if finding.code == rule.code]
    assert found
    assert {finding.severity for finding in found} == {rule.severity}
    assert all(finding.element_id and finding.line for finding in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_corrected_model_keeps_the_rule(rule):
    assert rule.code not in codes(findings_in(rule.corrected))


def test_codes_are_unique_and_upper_case():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)+", rule.code) for rule in RULES)


def test_all_rules_that_bpmnlint_recommends_have_a_counterpart():
    assert {rule.bpmnlint for rule in RULES if rule.bpmnlint} == RECOMMENDED


def test_the_documentation_explains_every_rule():
    page = render_rules()
    for rule in RULES:
        assert f"\n## {rule.code}\n" in page
        assert rule.remedy in page


def test_a_sound_and_well_drawn_model_has_no_findings():
    sound = read_process("""
    <startEvent id="S" name="Order received"/><userTask id="A" name="Check the order"/>
    <boundaryEvent id="B" name="One day" attachedToRef="A"><timerEventDefinition><timeDuration>P1D</timeDuration>
    </timerEventDefinition></boundaryEvent>
    <exclusiveGateway id="G" name="In stock?" default="no"/><endEvent id="E" name="Accepted"/>
    <endEvent id="F" name="Refused"/><endEvent id="L" name="Late"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="G"/>
    <sequenceFlow id="yes" sourceRef="G" targetRef="E"><conditionExpression>=stock &gt; 0</conditionExpression></sequenceFlow>
    <sequenceFlow id="no" sourceRef="G" targetRef="F"/><sequenceFlow id="h" sourceRef="B" targetRef="L"/>""")
    assert check_process(view_process(sound)) == ()


def test_findings_come_in_document_order():
    findings = findings_in('<task id="A"/>\n<complexGateway id="G"/>\n<endEvent id="E"/>')
    assert [finding.line for finding in findings] == sorted(finding.line for finding in findings)


def test_missing_timeout_says_what_the_api_documents():
    (finding,) = [
        f for f in findings_in('<userTask id="task-data-001" name="data-collection"/>') if f.code == "MISSING_TIMEOUT"
    ]
    assert finding.message == "Task 'data-collection' does not specify a timeout"
    assert (finding.element_id, finding.severity) == ("task-data-001", Severity.WARNING)


@pytest.mark.parametrize(
    "bounded",
    [
        '<subProcess id="P"><task id="A"/></subProcess><boundaryEvent id="B" attachedToRef="P"><timerEventDefinition/></boundaryEvent>',
        '<task id="A" xmlns:to="urn:task-orchestrator:bpmn" to:timeout="PT5M"/>',
        '<scriptTask id="A"/>',
    ],
)
def test_other_ways_to_bound_a_task(bounded):
    assert "MISSING_TIMEOUT" not in codes(findings_in(bounded))


def test_a_reminder_is_no_timeout():
    assert "MISSING_TIMEOUT" in codes(
        findings_in("""<task id="A"/>
    <boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition/></boundaryEvent>""")
    )


@pytest.mark.parametrize("text", ["PT", "P", "P1", "PT5", "5 minutes", "R3/soon", "2030-13", "P1DT"])
@pytest.mark.parametrize("tag", ["timeDuration", "timeDate", "timeCycle"])
def test_malformed_times(tag, text):
    event = f'<startEvent id="S"><timerEventDefinition><{tag}>{text}</{tag}></timerEventDefinition></startEvent>'
    assert "TIMER_MALFORMED" in codes(findings_in(event))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("timeDuration", "P1Y2M3DT4H5M6.7S"),
        ("timeDuration", "P2W"),
        ("timeDate", "2030-01-31"),
        ("timeDate", "2030-01-31T09:00:00+01:00"),
        ("timeDate", "2030-01-31T09:00:00Z"),
        ("timeCycle", "R/PT1H"),
        ("timeCycle", "R5/2030-01-31T09:00:00Z/P1D"),
        ("timeCycle", "0 0/5 * * * ?"),
        ("timeCycle", "0 0 12 ? * MON-FRI"),
        ("timeDuration", "${delay}"),
        ("timeDuration", "=duration(x)"),
    ],
)
def test_times(tag, text):
    event = f'<startEvent id="S"><timerEventDefinition><{tag}>{text}</{tag}></timerEventDefinition></startEvent>'
    assert "TIMER_MALFORMED" not in codes(findings_in(event))


def test_links_carry_reachability():
    assert "NODE_UNREACHABLE" not in codes(
        findings_in("""
    <startEvent id="S"/><intermediateThrowEvent id="T"><linkEventDefinition name="L"/></intermediateThrowEvent>
    <intermediateCatchEvent id="C"><linkEventDefinition name="L"/></intermediateCatchEvent><task id="A"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="T"/><sequenceFlow id="g" sourceRef="C" targetRef="A"/>""")
    )


@pytest.mark.parametrize(
    "second",
    [
        '<subProcess id="P" triggeredByEvent="true"><startEvent id="T"><errorEventDefinition/></startEvent></subProcess>',
        '<task id="A"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><errorEventDefinition/></boundaryEvent>',
    ],
)
def test_what_makes_a_termination_useful(second):
    terminated = '<startEvent id="S"/><endEvent id="E"><terminateEventDefinition/></endEvent>'
    assert "SUPERFLUOUS_TERMINATION" in codes(findings_in(terminated))
    assert "SUPERFLUOUS_TERMINATION" not in codes(findings_in(terminated + second))
