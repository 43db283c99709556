"""The compiler: from a BPMN process to a state machine. A pure function; the same input gives the same bytes.

XML -> Document -> ProcessModel -> [checks] -> ScopeFlow per scope -> typed states -> names -> JSON
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orchestrator.compiler.asl.describe import describe
from orchestrator.compiler.asl.language.emit import DEFINITION_LIMIT, emit_machine, serialise
from orchestrator.compiler.asl.language.names import name_states
from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Json, Map, Parallel, States
from orchestrator.compiler.asl.language.verify import verify
from orchestrator.compiler.asl.lower import lower_process
from orchestrator.compiler.asl.support import unsupported
from orchestrator.compiler.asl.transitions import Transitions, transitions_of
from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.model import Document, ProcessModel
from orchestrator.compiler.bpmn.parse import parse
from orchestrator.compiler.bpmn.selection import select_process
from orchestrator.compiler.catalogue import Catalogue
from orchestrator.compiler.check.checking import check_process
from orchestrator.compiler.check.data_flow import check_data_flow
from orchestrator.compiler.check.view import view_process
from orchestrator.compiler.flow.findings import RegionReport, judge_flows, report_regions
from orchestrator.compiler.flow.scopes import analyse
from orchestrator.compiler.report import limited
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
    """What the compiler made of a file.

    `machine`, its JSON text `definition` and `catalogue` are None where the findings contain errors; `process` is
    None where not even a process could be read. `source_map` leads from the names of states to element ids.
    `regions` say how each concurrent part runs.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    process: ProcessModel | None = None
    regions: tuple[RegionReport, ...] = ()
    catalogue: Catalogue | None = None
    machine: Mapping[str, Json] | None = None
    definition: str | None = None
    source_map: Mapping[str, str] = field(default_factory=dict[str, str])
    estimate: Estimate | None = None

    @property
    def transitions(self) -> Transitions | None:
        """How many state transitions an instance takes."""
        return None if self.machine is None else transitions_of(self.machine)


def compile_process(source: str | bytes | Document, process_id: str | None = None) -> Compilation:
    """Compile one process of a BPMN file: the named one, or the one that `select_process` finds.

    Whatever is wrong with the file is a finding, never an exception; a file has at most `MOST_FINDINGS` and one more
    that counts the others.
    """
    compiled = _compile_source(source, process_id)
    return replace(compiled, diagnostics=limited(compiled.diagnostics))


def _compile_source(source: str | bytes | Document, process_id: str | None) -> Compilation:
    if isinstance(source, Document):
        return _compile_document(source, process_id, ())
    root, findings = parse(source)
    if root is None:
        return Compilation(findings)
    document, read = read_document(root)
    return _compile_document(document, process_id, (*findings, *read))


def compile_model(process: ProcessModel, findings: tuple[Diagnostic, ...] = ()) -> Compilation:
    """Compile one process; linear in its nodes, times the nesting depth of its concurrent parts."""
    flows = analyse(process)
    program = Program(process, flows)
    program.diagnostics.extend(findings)
    program.diagnostics.extend(unsupported(process))
    program.diagnostics.extend(judge_flows(flows))
    states = lower_process(program)
    regions = report_regions(flows)
    if has_errors(program.diagnostics):
        return Compilation(_distinct(program.diagnostics), process, regions)
    return _emitted(program, states, regions)


def _compile_document(document: Document, process_id: str | None, findings: tuple[Diagnostic, ...]) -> Compilation:
    process, selected = select_process(document, process_id)
    if process is None:
        return Compilation((*findings, *selected))
    view = view_process(process, document)
    checked = (*check_process(view), *check_data_flow(view))
    return compile_model(process, (*findings, *selected, *checked))


def _emitted(program: Program, states: States, regions: tuple[RegionReport, ...]) -> Compilation:
    process = program.process
    names = name_states(program)
    verify(states, names)
    machine = emit_machine(states, names, f"{process.name or process.id} (process {process.id})")
    definition = serialise(machine)
    catalogue = describe(process, program.flows, program.queries.variables_read)
    size = len(definition.encode())
    estimate = Estimate(_count(states), len(catalogue.planned_tasks), size)
    if size > DEFINITION_LIMIT:
        message = f"The state machine would have {size} bytes, the limit is {DEFINITION_LIMIT}"
        program.diagnostics.append(Diagnostic(MACHINE_TOO_LARGE, message, process.id, line=process.line))
        return Compilation(_distinct(program.diagnostics), process, regions, estimate=estimate)
    return Compilation(
        diagnostics=_distinct(program.diagnostics),
        process=process,
        regions=regions,
        catalogue=catalogue,
        machine=machine,
        definition=definition,
        source_map=_source_map(program, names),
        estimate=estimate,
    )


def _source_map(program: Program, names: Mapping[str, str]) -> dict[str, str]:
    return {names[key]: label.element.id for key, label in program.labels.items() if label.element is not None}


def _count(states: States) -> int:
    total = len(states.states)
    for state in states.states.values():
        if isinstance(state, Parallel):
            total += sum(_count(branch) for branch in state.branches)
        elif isinstance(state, Map):
            total += _count(state.processor)
    return total


def _distinct(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Drop findings met twice (an expression that two states evaluate), keeping the order."""
    return tuple(dict.fromkeys(diagnostics))
