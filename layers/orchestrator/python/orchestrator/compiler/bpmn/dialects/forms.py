"""Generated forms of Camunda 7, Activiti and Flowable: fields as JSON."""

from orchestrator.compiler.bpmn.elements import Element, local_name


def form_field(element: Element) -> dict[str, object]:
    """Return a form field as JSON: its attributes, and its properties, constraints and choices as lists."""
    parts: dict[str, list[dict[str, str]]] = {}
    for part in element:
        entries = [_plain(entry) for entry in part] or [_plain(part)]
        parts.setdefault(local_name(part), []).extend(entries)
    return {**_plain(element), **parts}


def _plain(element: Element) -> dict[str, str]:
    return {str(name): str(text) for name, text in element.attrib.items()}
