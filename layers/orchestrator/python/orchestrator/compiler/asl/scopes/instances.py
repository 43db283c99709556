"""The instances of a multi-instance activity: over what they run, what each sees, what they leave (BPMN 13.3.7).

Outputs are collected as JSON texts and parsed together, because JSONata flattens lists of lists.
"""

from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.token import VARIABLES, quote
from orchestrator.compiler.bpmn.model import FlowNode, MultiInstance

#: names that completion conditions know, and the counter that each means
_COUNTERS = (
    ("nrOfInstances", "total"),
    ("nrOfCompletedInstances", "completed"),
    ("nrOfActiveInstances", "active"),
    ("numberOfInstances", "total"),
    ("numberOfCompletedInstances", "completed"),
    ("numberOfActiveInstances", "active"),
)


class Counters(NamedTuple):
    """JSONata texts: how many instances there are, how many of them have been completed and are going on."""

    total: str
    completed: str
    active: str


@dataclass(frozen=True, slots=True)
class Instances:
    """JSONata texts: the list of `items`, the `output` of one instance as JSON text, and the `completion` condition.

    `is_valid` tells whether the model's collection is a list, its cardinality a number (None: neither is there).
    The condition reads its variables from `$counted`.
    """

    items: str
    is_valid: str | None
    input_element: str | None
    output: str | None
    output_collection: str | None
    completion: str | None

    def variables(self, item: str, index: str) -> str:
        """Return the variables that one instance sees beside the others': its item and its number from 1."""
        own = f"'loopCounter': {index} + 1"
        return f"{{{own}}}" if self.input_element is None else f"{{{quote(self.input_element)}: {item}, {own}}}"

    def enough(self, counters: Counters) -> str:
        """Return the completion condition; it sees the counters under the names of Camunda 7, Flowable and BPMN."""
        numbers = ", ".join(f"'{name}': {getattr(counters, field)}" for name, field in _COUNTERS)
        numbers += ", 'numberOfTerminatedInstances': 0"
        return f"($counted := $merge([{VARIABLES}, {{{numbers}}}]); {self.completion or 'false'})"

    def outputs(self, texts: str) -> str:
        """Return the object that holds the output collection, from the texts of all instances."""
        return f"{{{quote(self.output_collection or '')}: $parse('[' & $join({texts}, ',') & ']')}}"


def instances_of(program: Program, element: FlowNode) -> Instances | None:
    """Return the instances of a multi-instance activity, None for other activities."""
    multiple = element.multi_instance
    if multiple is None:
        return None
    output = None
    if multiple.output_collection is not None and multiple.output_element is not None:
        output = json_text(program.queries.value(multiple.output_element, element))
    items, is_valid = _items(program, element, multiple)
    return Instances(
        items=items,
        is_valid=is_valid,
        input_element=multiple.input_element,
        output=output,
        output_collection=multiple.output_collection,
        completion=_completion(program, element, multiple),
    )


def _items(program: Program, element: FlowNode, multiple: MultiInstance) -> tuple[str, str | None]:
    if multiple.collection is not None:
        collection = program.queries.value(multiple.collection, element)
        items = f"($items := {collection}; $type($items) = 'array' ? $items : [])"
        return items, f"$type({collection}) = 'array'"
    if multiple.cardinality is None:
        return "[]", None
    number = program.queries.value(multiple.cardinality, element)
    items = f"($count := {number}; $type($count) = 'number' and $count >= 1 ? [1..$floor($count)] : [])"
    return items, f"($count := {number}; $type($count) = 'number' ? $count >= 0 : false)"


def _completion(program: Program, element: FlowNode, multiple: MultiInstance) -> str | None:
    condition = multiple.completion_condition
    return None if condition is None else program.queries.condition(condition, element, "$counted")


def json_text(value: str) -> str:
    """Return JSONata for the JSON text of a value: `$string` of a string would have no quotes."""
    wrapped = f"$string({{'o': {value}}})"
    return f"($o := {wrapped}; $substring($o, 5, $length($o) - 6))"
