"""Event definitions."""

import pytest

from orchestrator.compiler.bpmn.model import LITERAL, EventKind, TimerKind
from tests.compiler.bpmn.models import read_node


def catch(definition, *prefixes, roots=""):
    node = read_node(
        f'<intermediateCatchEvent id="C" name="Wait">{definition}</intermediateCatchEvent>', *prefixes, roots=roots
    )
    return node.events[0]


@pytest.mark.parametrize(
    ("tag", "kind", "text"),
    [
        ("timeDate", TimerKind.DATE, "2030-01-01T00:00:00Z"),
        ("timeDuration", TimerKind.DURATION, "PT5M"),
        ("timeCycle", TimerKind.CYCLE, "R3/PT1H"),
    ],
)
def test_timers(tag, kind, text):
    event = catch(
        f"<timerEventDefinition><{tag} language='http://www.w3.org/1999/XPath'> {text} </{tag}></timerEventDefinition>"
    )
    assert (event.kind, event.timer_kind) == (EventKind.TIMER, kind)
    assert (event.expression.text, event.expression.language) == (text, LITERAL)


def test_a_timer_with_an_expression():
    event = catch("<timerEventDefinition><timeDuration>${delay}</timeDuration></timerEventDefinition>")
    assert (event.expression.text, event.expression.language) == ("${delay}", None)


@pytest.mark.parametrize(
    ("text", "iso"), [("500ms", "PT0.500S"), ("1h30m", "PT1H30M0S"), ("2d", "P2DT0S"), ("1500", "PT1.500S")]
)
def test_durations_of_jbpm(text, iso):
    event = catch(f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>")
    assert event.expression.text == iso


def test_an_empty_timer_has_no_expression():
    assert catch("<timerEventDefinition><timeDuration/></timerEventDefinition>").expression is None


def test_messages_and_their_correlation_key():
    event = catch(
        '<messageEventDefinition messageRef="m"/>',
        "zeebe",
        roots="""<message id="m" name="Paid">
    <extensionElements><zeebe:subscription correlationKey="=order.id"/></extensionElements></message>""",
    )
    assert (event.kind, event.name, event.reference, event.correlation_key.text) == (
        EventKind.MESSAGE,
        "Paid",
        "m",
        "=order.id",
    )


def test_a_message_or_signal_without_a_name_is_called_like_the_event():
    assert catch("<messageEventDefinition/>").name == "Wait"
    assert catch("<signalEventDefinition/>").name == "Wait"


def test_signals():
    event = catch('<signalEventDefinition signalRef="s"/>', roots='<signal id="s" name="Stop"/>')
    assert (event.kind, event.name) == (EventKind.SIGNAL, "Stop")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ('<error id="e" errorCode="404" name="Gone"/>', "404"),
        ('<error id="e" name="Gone"/>', "Gone"),
        ('<error id="e"/>', "e"),
    ],
)
def test_errors_have_a_code_whatever_the_file_says(error, code):
    node = read_node(
        """<boundaryEvent id="B"><errorEventDefinition errorRef="e" camunda:errorCodeVariable="code"
    camunda:errorMessageVariable="text"/></boundaryEvent>""",
        "camunda",
        roots=error,
    )
    (event,) = node.events
    assert (event.kind, event.code, event.variable, event.message_variable) == (EventKind.ERROR, code, "code", "text")


def test_a_catch_all():
    assert read_node('<boundaryEvent id="B"><errorEventDefinition/></boundaryEvent>').events[0].code is None


def test_escalations():
    event = catch('<escalationEventDefinition escalationRef="e"/>', roots='<escalation id="e" escalationCode="42"/>')
    assert (event.kind, event.code) == (EventKind.ESCALATION, "42")


def test_conditions():
    event = catch(
        '<conditionalEventDefinition camunda:variableName="x"><condition>${x > 1}</condition></conditionalEventDefinition>',
        "camunda",
    )
    assert (event.kind, event.expression.text, event.variable) == (EventKind.CONDITIONAL, "${x > 1}", "x")


def test_compensation():
    node = read_node(
        """<endEvent id="E"><compensateEventDefinition waitForCompletion="false" activityRef="E"/></endEvent>"""
    )
    assert (node.events[0].activity_ref, node.events[0].wait_for_completion) == ("E", False)


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("terminateEventDefinition", EventKind.TERMINATE),
        ("cancelEventDefinition", EventKind.CANCEL),
        ("linkEventDefinition", EventKind.LINK),
    ],
)
def test_others(tag, kind):
    assert read_node(f'<endEvent id="E"><{tag} name="L"/></endEvent>').events[0].kind is kind


def test_several_definitions_and_references_to_them():
    node = read_node(
        """<startEvent id="S" parallelMultiple="true"><eventDefinitionRef>t</eventDefinitionRef>
        <signalEventDefinition signalRef="s"/></startEvent>""",
        roots='<signal id="s" name="Go"/><timerEventDefinition id="t"><timeDate>2030-01-01</timeDate></timerEventDefinition>',
    )
    assert [event.kind for event in node.events] == [EventKind.TIMER, EventKind.SIGNAL]
    assert node.parallel_multiple


def test_a_non_interrupting_boundary_event():
    assert not read_node(
        '<boundaryEvent id="B" cancelActivity="false"><errorEventDefinition/></boundaryEvent>'
    ).interrupting


def test_the_payload_of_a_caught_event_goes_to_a_variable():
    node = read_node(
        """<startEvent id="S"><dataOutput id="o" name="event"/><dataOutputAssociation><sourceRef>o</sourceRef>
    <targetRef>order</targetRef></dataOutputAssociation><messageEventDefinition messageRef="m"/></startEvent>
    <property id="order"/>""",
        roots='<message id="m" name="Order"/>',
    )
    assert node.events[0].variable == "order"
    assert node.execution.outputs == ()
