"""What a dialect is: the readers of its extension attributes and elements, by local name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element

AttributeReader = Callable[[str, Draft], None]
ElementReader = Callable[[Element, Draft], None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A vendor's extensions. Readers write what they find into the draft of the flow node.

    `event_fields` maps attributes of event definitions to the fields of `EventDefinition` that they fill; `language`
    is that of expressions and scripts that declare none.
    What no reader is named for is drawing or tooling of that vendor and is left alone.
    """

    name: str
    namespaces: tuple[str, ...]
    attributes: Mapping[str, AttributeReader] = field(default_factory=dict[str, AttributeReader])
    elements: Mapping[str, ElementReader] = field(default_factory=dict[str, ElementReader])
    language: str | None = None
    event_fields: Mapping[str, str] = field(default_factory=dict[str, str])
