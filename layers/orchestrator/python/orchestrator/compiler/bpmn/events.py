"""Event definitions (BPMN 10.5.5), one reader per kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from orchestrator.compiler.bpmn.definitions import code_of, correlation_key, name_or_id
from orchestrator.compiler.bpmn.dialects import EVENT_FIELDS, jbpm, read_attributes, read_extensions
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import (
    Element,
    bpmn,
    bpmn_child,
    condition,
    flag,
    name_of,
    reference,
    text_of,
    value,
)
from orchestrator.compiler.bpmn.model import ElementId, EventDefinition, EventKind, TimerKind
from orchestrator.compiler.bpmn.reading import Reading

_BY_NAME = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
_TIMERS = {
    bpmn("timeDate"): TimerKind.DATE,
    bpmn("timeDuration"): TimerKind.DURATION,
    bpmn("timeCycle"): TimerKind.CYCLE,
}


def read_event_definition(element: Element, draft: Draft, reading: Reading) -> None:
    """Read an event definition and what extensions add to it."""
    definition = _named(EVENT_DEFINITIONS[element.tag](element, reading), draft, reading)
    for attribute, text in element.attrib.items():
        if attribute in EVENT_FIELDS:
            definition = replace(definition, **{EVENT_FIELDS[str(attribute)]: text})
    read_attributes(element, draft)
    extensions = bpmn_child(element, "extensionElements")
    if extensions is not None:
        read_extensions(extensions, draft)
    draft.events.append(definition)


def _named(definition: EventDefinition, draft: Draft, reading: Reading) -> EventDefinition:
    """Name a message or signal that the file leaves open: by its message flow, else like the event itself."""
    if definition.name is not None or definition.kind not in _BY_NAME:
        return definition
    channel = reading.definitions.channels.get(draft.id) if definition.kind is EventKind.MESSAGE else None
    return replace(definition, name=channel or name_of(draft.element) or draft.id)


def read_event_definition_ref(element: Element, draft: Draft, reading: Reading) -> None:
    """Read an `eventDefinitionRef`: an event definition that stands at the root of the file."""
    ref = reference(text_of(element)) or ""
    target = reading.definitions.by_id.get(reading.definitions.unprefixed(ref))
    if target is None or target.tag not in EVENT_DEFINITIONS:
        reading.dangling(element, "eventDefinitionRef", ref, "the event has no such definition")
        return
    read_event_definition(target, draft, reading)


def _timer(element: Element, reading: Reading) -> EventDefinition:
    time = next((child for child in element if child.tag in _TIMERS and text_of(child)), None)
    if time is None:
        return EventDefinition(EventKind.TIMER, line=element.sourceline)
    language = time.get("language") or reading.definitions.language
    text = text_of(time) or ""
    return EventDefinition(
        EventKind.TIMER,
        timer_kind=_TIMERS[time.tag],
        expression=value(jbpm.iso_duration(text) or text, time.sourceline, language),
        line=element.sourceline,
    )


def _message(element: Element, reading: Reading) -> EventDefinition:
    ref = reference(element.get("messageRef")) or _operation_message(element, reading)
    message = _root(element, "messageRef", ref, "message", reading)
    return EventDefinition(
        EventKind.MESSAGE,
        name=ref if message is None else name_or_id(message),
        reference=ref,
        correlation_key=None if message is None else correlation_key(message),
        line=element.sourceline,
    )


def _operation_message(element: Element, reading: Reading) -> str | None:
    operation = reading.definitions.find(reference(text_of(bpmn_child(element, "operationRef"))), "operation")
    return None if operation is None else reference(text_of(bpmn_child(operation, "inMessageRef")))


def _signal(element: Element, reading: Reading) -> EventDefinition:
    ref = reference(element.get("signalRef"))
    signal = _root(element, "signalRef", ref, "signal", reading)
    name = ref if signal is None else name_or_id(signal)
    return EventDefinition(EventKind.SIGNAL, name=name, reference=ref, line=element.sourceline)


def _error(element: Element, reading: Reading) -> EventDefinition:
    ref = reference(element.get("errorRef"))
    error = _root(element, "errorRef", ref, "error", reading)
    code = ref if error is None else code_of(error, "errorCode")
    name = None if error is None else name_of(error)
    return EventDefinition(EventKind.ERROR, name=name, code=code, reference=ref, line=element.sourceline)


def _escalation(element: Element, reading: Reading) -> EventDefinition:
    ref = reference(element.get("escalationRef"))
    escalation = _root(element, "escalationRef", ref, "escalation", reading)
    code = ref if escalation is None else code_of(escalation, "escalationCode")
    name = None if escalation is None else name_of(escalation)
    return EventDefinition(EventKind.ESCALATION, name=name, code=code, reference=ref, line=element.sourceline)


def _conditional(element: Element, reading: Reading) -> EventDefinition:
    expression = condition(bpmn_child(element, "condition"), reading.definitions.language)
    return EventDefinition(EventKind.CONDITIONAL, expression=expression, line=element.sourceline)


def _compensation(element: Element, _reading: Reading) -> EventDefinition:
    activity = reference(element.get("activityRef"))
    return EventDefinition(
        EventKind.COMPENSATION,
        activity_ref=None if activity is None else ElementId(activity),
        wait_for_completion=flag(element, "waitForCompletion", default=True),
        line=element.sourceline,
    )


def _link(element: Element, _reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.LINK, name=name_of(element), line=element.sourceline)


def _cancel(element: Element, _reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.CANCEL, line=element.sourceline)


def _terminate(element: Element, _reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.TERMINATE, line=element.sourceline)


def _root(element: Element, attribute: str, ref: str | None, local: str, reading: Reading) -> Element | None:
    """Return the root element that is referred to; a reference to none is its name or code, as engines take it."""
    found = reading.definitions.find(ref, local)
    if found is None and ref is not None:
        meaning = "code" if local in ("error", "escalation") else "name"
        reading.dangling(element, attribute, ref, f"it is taken for the {local}'s {meaning}")
    return found


EVENT_DEFINITIONS: Mapping[str, Callable[[Element, Reading], EventDefinition]] = {
    bpmn("timerEventDefinition"): _timer,
    bpmn("messageEventDefinition"): _message,
    bpmn("signalEventDefinition"): _signal,
    bpmn("errorEventDefinition"): _error,
    bpmn("escalationEventDefinition"): _escalation,
    bpmn("conditionalEventDefinition"): _conditional,
    bpmn("compensateEventDefinition"): _compensation,
    bpmn("linkEventDefinition"): _link,
    bpmn("cancelEventDefinition"): _cancel,
    bpmn("terminateEventDefinition"): _terminate,
}
