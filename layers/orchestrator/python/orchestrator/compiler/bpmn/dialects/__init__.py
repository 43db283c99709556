"""The vendors' extensions, translated into the neutral model. A new dialect is a module and a row here."""

from orchestrator.compiler.bpmn.dialects import camunda, flowable, jbpm, native, spiffworkflow, zeebe
from orchestrator.compiler.bpmn.dialects.dialect import AttributeReader, ElementReader
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element

#: in this order a file that declares several namespaces is told to be of one dialect
DIALECTS = (
    native.DIALECT,
    zeebe.DIALECT,
    camunda.DIALECT,
    flowable.FLOWABLE,
    flowable.ACTIVITI,
    spiffworkflow.DIALECT,
    jbpm.DIALECT,
)
PLAIN = "omg"

_ATTRIBUTES: dict[str, AttributeReader] = {
    f"{{{namespace}}}{name}": reader
    for dialect in DIALECTS
    for namespace in dialect.namespaces
    for name, reader in dialect.attributes.items()
}
_ELEMENTS: dict[str, ElementReader] = {
    f"{{{namespace}}}{name}": reader
    for dialect in DIALECTS
    for namespace in dialect.namespaces
    for name, reader in dialect.elements.items()
}
#: attributes of event definitions -> fields of `EventDefinition`
EVENT_FIELDS: dict[str, str] = {
    f"{{{namespace}}}{name}": field
    for dialect in DIALECTS
    for namespace in dialect.namespaces
    for name, field in dialect.event_fields.items()
}


def dialect_of(root: Element) -> str:
    """Tell a file's dialect by the namespaces that its root declares."""
    declared = set(root.nsmap.values())
    return next((dialect.name for dialect in DIALECTS if not declared.isdisjoint(dialect.namespaces)), PLAIN)


def language_of(dialect: str) -> str | None:
    """Return the language of a dialect's expressions that declare none; None where their marks tell it."""
    return next((one.language for one in DIALECTS if one.name == dialect), None)


def read_attributes(element: Element, draft: Draft) -> None:
    """Read the extension attributes of a flow node, loop or event definition."""
    for name, text in element.attrib.items():
        reader = _ATTRIBUTES.get(str(name))
        if reader is not None and text:
            reader(str(text), draft)


def read_extensions(element: Element, draft: Draft) -> None:
    """Read the children of an `extensionElements`; those of unknown vendors are left alone."""
    for child in element:
        reader = _ELEMENTS.get(child.tag)
        if reader is not None:
            reader(child, draft)
