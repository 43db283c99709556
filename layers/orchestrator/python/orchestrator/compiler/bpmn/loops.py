"""Loop characteristics (BPMN 10.3.8, 13.3.6 and 13.3.7)."""

from orchestrator.compiler.bpmn.data import looped_variable
from orchestrator.compiler.bpmn.definitions import name_or_id
from orchestrator.compiler.bpmn.dialects import read_attributes, read_extensions
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import (
    Element,
    bpmn_child,
    condition,
    flag,
    text_of,
    variable,
)
from orchestrator.compiler.bpmn.model import MultiInstance, StandardLoop
from orchestrator.compiler.bpmn.reading import Reading


def read_standard_loop(element: Element, draft: Draft, reading: Reading) -> None:
    """Read `standardLoopCharacteristics`."""
    maximum = element.get("loopMaximum", "")
    draft.node["loop"] = StandardLoop(
        condition=condition(bpmn_child(element, "loopCondition"), reading.definitions.language),
        test_before=flag(element, "testBefore", default=False),
        maximum=int(maximum) if maximum.isdigit() else None,
    )


def read_multi_instance(element: Element, draft: Draft, reading: Reading) -> None:
    """Read `multiInstanceLoopCharacteristics`: the standard's elements first, extensions where they say more."""
    _read_data(element, draft, reading)
    read_attributes(element, draft)
    extensions = bpmn_child(element, "extensionElements")
    if extensions is not None:
        read_extensions(extensions, draft)
    language = reading.definitions.language
    draft.loop["cardinality"] = condition(bpmn_child(element, "loopCardinality"), language)
    draft.loop["completion_condition"] = condition(bpmn_child(element, "completionCondition"), language)
    draft.node["multi_instance"] = MultiInstance(sequential=flag(element, "isSequential", default=False), **draft.loop)


def _read_data(element: Element, draft: Draft, reading: Reading) -> None:
    """Read the collection and its item; a task's data input stands for the variable associated with it."""
    definitions = reading.definitions
    item = bpmn_child(element, "inputDataItem")
    source = text_of(bpmn_child(element, "loopDataInputRef"))
    draft.loop["collection"] = variable(looped_variable(draft.element, source, "Input", definitions))
    if item is not None and (name := name_or_id(item)):
        draft.loop["input_element"] = name
    target = text_of(bpmn_child(element, "loopDataOutputRef"))
    if collection := looped_variable(draft.element, target, "Output", definitions):
        draft.loop["output_collection"] = collection
    item = bpmn_child(element, "outputDataItem")
    draft.loop["output_element"] = None if item is None else variable(name_or_id(item))
