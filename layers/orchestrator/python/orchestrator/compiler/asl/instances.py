"""The instances of a multi-instance activity: over what they run, what each sees, what they leave (BPMN 13.3.7).

Outputs are collected as JSON texts and parsed together, because JSONata flattens lists of lists.
"""

from dataclasses import dataclass

from orchestrator.compiler.asl.program import Program
from orchestrator.compiler.asl.token import VARIABLES, quote
from orchestrator.compiler.bpmn.model import FlowNode, MultiInstance


@dataclass(frozen=True, slots=True)
class Instances:
    """JSONata texts: the list of `items`, the `output` of one instance as JSON text, and the `completion` condition."""

    items: str
    input_element: str | None
    output: str | None
    output_collection: str | None
    completion: str | None

    def variables(self, item: str, index: str) -> str:
        """Return the variables that one instance sees beside the others': its item and its number from 1."""
        own = f"'loopCounter': {index} + 1"
        return f"{{{own}}}" if self.input_element is None else f"{{{quote(self.input_element)}: {item}, {own}}}"

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
        output = _json_text(program.queries.value(multiple.output_element, element))
    return Instances(
        items=_items(program, element, multiple),
        input_element=multiple.input_element,
        output=output,
        output_collection=multiple.output_collection,
        completion=_completion(program, element, multiple),
    )


def _items(program: Program, element: FlowNode, multiple: MultiInstance) -> str:
    if multiple.collection is not None:
        collection = program.queries.value(multiple.collection, element)
        return f"($items := {collection}; $type($items) = 'array' ? $items : [])"
    if multiple.cardinality is None:
        return "[]"
    number = program.queries.value(multiple.cardinality, element)
    return f"($count := {number}; $type($count) = 'number' and $count >= 1 ? [1..$floor($count)] : [])"


def _completion(program: Program, element: FlowNode, multiple: MultiInstance) -> str | None:
    """Return the completion condition; it also sees how many instances there are and have been done."""
    if multiple.completion_condition is None:
        return None
    condition = program.queries.condition(multiple.completion_condition, element, "$counted")
    total, done = "$count($states.input.items)", "$states.input.round"
    numbers = ", ".join(
        f"'{name}': {text}"
        for name, text in (
            ("numberOfInstances", total), ("numberOfCompletedInstances", done),
            ("numberOfActiveInstances", "0"), ("numberOfTerminatedInstances", "0"),
            ("nrOfInstances", total), ("nrOfCompletedInstances", done), ("nrOfActiveInstances", "0"),
        )
    )  # fmt: skip
    return f"($counted := $merge([{VARIABLES}, {{{numbers}}}]); {condition})"


def _json_text(value: str) -> str:
    """Return JSONata for the JSON text of a value: `$string` of a string would have no quotes."""
    wrapped = f"$string({{'o': {value}}})"
    return f"($o := {wrapped}; $substring($o, 5, $length($o) - 6))"
