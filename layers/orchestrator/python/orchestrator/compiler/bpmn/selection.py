"""Which process of a file is run."""

from collections.abc import Callable, Iterator

from orchestrator.compiler.bpmn.model import Document, FlowNode, NodeType, ProcessModel
from orchestrator.diagnostics import Diagnostic, Severity


def select_process(
    document: Document, process_id: str | None = None
) -> tuple[ProcessModel | None, tuple[Diagnostic, ...]]:
    """Return the process to run: the one asked for (else PROCESS_NOT_FOUND), or by these rules in this order.

    1. Processes without flow nodes (black-box pools) do not count (NO_PROCESS if none is left).
    2. Rather one with `isExecutable="true"`, that no call activity of the file calls, that has a start event, and
       one that begins without an event: each narrows the choice if anything is left.
    3. The first of those that are left.

    OTHER_PROCESSES names those that were not taken: a warning where the first of several was, else a remark. A
    process with `isExecutable="false"` runs with the warning NOT_EXECUTABLE: engines run such files too.
    """
    if process_id is not None:
        named = next((process for process in document.processes if process.id == process_id), None)
        if named is None:
            ids = _ids(document.processes)
            return _refused("PROCESS_NOT_FOUND", f"The file has no process '{process_id}'; it has {ids}")
        return named, tuple(_not_executable(named))
    runnable = [process for process in document.processes if process.scope.nodes]
    if not runnable:
        return _refused("NO_PROCESS", "No process of the file contains anything to run")
    eligible = _eligible(runnable)
    chosen = eligible[0]
    others = tuple(process for process in runnable if process is not chosen)
    severity = Severity.WARNING if len(eligible) > 1 else Severity.INFO
    return chosen, (*_not_executable(chosen), *_left(chosen, others, severity))


def _eligible(runnable: list[ProcessModel]) -> list[ProcessModel]:
    called = {
        node.execution.call.called_element
        for process in runnable
        for node in process.scope.walk()
        if node.execution.call is not None
    }
    wishes: tuple[Callable[[ProcessModel], bool], ...] = (
        lambda process: process.executable is True,
        lambda process: process.id not in called,
        lambda process: any(_starts(process)),
        lambda process: any(not start.events for start in _starts(process)),
    )
    for wish in wishes:
        runnable = [process for process in runnable if wish(process)] or runnable
    return runnable


def _starts(process: ProcessModel) -> Iterator[FlowNode]:
    return (node for node in process.scope.nodes if node.type is NodeType.START_EVENT)


def _not_executable(process: ProcessModel) -> Iterator[Diagnostic]:
    if process.executable is False:
        message = f"Process '{process.id}' says isExecutable=\"false\"; it runs all the same"
        yield Diagnostic("NOT_EXECUTABLE", message, process.id, Severity.WARNING, process.line)


def _left(chosen: ProcessModel, others: tuple[ProcessModel, ...], severity: Severity) -> Iterator[Diagnostic]:
    if others:
        message = (
            f"Of the processes of the file '{chosen.id}' is taken; a definition with process_id runs another: "
            f"{_ids(others)}"
        )
        yield Diagnostic("OTHER_PROCESSES", message, chosen.id, severity, chosen.line)


def _refused(code: str, message: str) -> tuple[None, tuple[Diagnostic, ...]]:
    return None, (Diagnostic(code, message),)


def _ids(processes: tuple[ProcessModel, ...]) -> str:
    return ", ".join(f"'{process.id}'" for process in processes)
