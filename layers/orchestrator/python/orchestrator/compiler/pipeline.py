"""The compiler: from a BPMN process to a state machine. A pure function; the same input gives the same bytes.

XML -> Document -> ProcessModel -> [checks] -> ScopeFlow per scope -> typed states -> names -> JSON
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.compiler.asl.describe import describe
from orchestrator.compiler.asl.emit import DEFINITION_LIMIT, emit_machine, serialise
from orchestrator.compiler.asl.lower import lower_process
from orchestrator.compiler.asl.names import name_states
from orchestrator.compiler.asl.program import Program
from orchestrator.compiler.asl.states import Json, Parallel, States
from orchestrator.compiler.asl.support import unsupported
from orchestrator.compiler.asl.verify import verify
from orchestrator.compiler.bpmn.model import ProcessModel
from orchestrator.compiler.catalogue import Catalogue
from orchestrator.compiler.flow.findings import RegionReport, judge_flows, report_regions
from orchestrator.compiler.flow.scopes import analyse
from orchestrator.diagnostics import Diagnostic, has_errors

MACHINE_TOO_LARGE = "MACHINE_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The size of a machine: states, of which are tasks for performers, and bytes of its definition."""

    states: int
    tasks: int
    definition_bytes: int


@dataclass(frozen=True, slots=True)
class Compilation:
    """What the compiler made of a process.

    `machine` and `definition` (its JSON text) are None where the model has errors. `source_map` leads from the
    names of states to element ids. `regions` say how each concurrent part runs.
    """

    process: ProcessModel
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    regions: tuple[RegionReport, ...]
    machine: Mapping[str, Json] | None = None
    definition: str | None = None
    source_map: Mapping[str, str] = field(default_factory=dict[str, str])
    estimate: Estimate | None = None


def compile_model(process: ProcessModel) -> Compilation:
    """Compile one process; linear in its nodes (times the nesting depth of its concurrent parts)."""
    flows = analyse(process)
    program = Program(process, flows)
    program.diagnostics.extend(unsupported(process))
    program.diagnostics.extend(judge_flows(flows))
    states = lower_process(program)
    regions = report_regions(flows)
    catalogue = describe(process, flows, program.queries.variables_read)
    if has_errors(program.diagnostics):
        return Compilation(process, catalogue, _distinct(program.diagnostics), regions)
    return _emitted(program, states, catalogue, regions)


def _emitted(program: Program, states: States, catalogue: Catalogue, regions: tuple[RegionReport, ...]) -> Compilation:
    names = name_states(program)
    verify(states, names)
    process = program.process
    machine = emit_machine(states, names, f"{process.name or process.id} (process {process.id})")
    definition = serialise(machine)
    size = len(definition.encode())
    estimate = Estimate(_count(states), len(catalogue.planned_tasks), size)
    if size > DEFINITION_LIMIT:
        message = f"The state machine would have {size} bytes, the limit is {DEFINITION_LIMIT}"
        program.diagnostics.append(Diagnostic(MACHINE_TOO_LARGE, message, process.id, line=process.line))
        return Compilation(process, catalogue, _distinct(program.diagnostics), regions, estimate=estimate)
    source_map = {
        names[key]: str(label.element.id) for key, label in program.labels.items() if label.element is not None
    }
    return Compilation(
        process, catalogue, _distinct(program.diagnostics), regions, machine, definition, source_map, estimate
    )


def _count(states: States) -> int:
    total = len(states.states)
    for state in states.states.values():
        if isinstance(state, Parallel):
            total += sum(_count(branch) for branch in state.branches)
    return total


def _distinct(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Drop findings met twice (an expression that two states evaluate), keeping the order."""
    return tuple(dict.fromkeys(diagnostics))
