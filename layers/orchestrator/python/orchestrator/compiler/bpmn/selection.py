"""Which process of a file is run."""

from orchestrator.compiler.bpmn.model import Document, NodeType, ProcessModel
from orchestrator.diagnostics import Diagnostic, Severity


def select_process(
    document: Document, process_id: str | None = None
) -> tuple[ProcessModel | None, tuple[Diagnostic, ...]]:
    """Return the process to run, by these rules in this order.

    1. The one asked for, if the caller names one (else PROCESS_NOT_FOUND).
    2. Processes without flow nodes (black-box pools) do not count (NO_PROCESS if none is left).
    3. The only one that is left.
    4. The only one with `isExecutable="true"`.
    5. The only one that no call activity of the file calls.
    6. The only one of these that has a start event.
    7. None: SEVERAL_PROCESSES, with the ids to choose from.

    A process with `isExecutable="false"` runs with the warning NOT_EXECUTABLE: engines run such files too.
    """
    if process_id is not None:
        named = next((process for process in document.processes if process.id == process_id), None)
        if named is None:
            ids = _ids(document.processes)
            return _refused("PROCESS_NOT_FOUND", f"The file has no process '{process_id}'; it has {ids}")
        return _chosen(named)
    runnable = [process for process in document.processes if process.scope.nodes]
    if not runnable:
        return _refused("NO_PROCESS", "No process of the file contains anything to run")
    called = {
        node.execution.call.called_element
        for process in runnable
        for node in process.scope.walk()
        if node.execution.call is not None
    }
    executable = [process for process in runnable if process.executable] or runnable
    uncalled = [process for process in executable if process.id not in called]
    started = [process for process in uncalled if _has_start(process)]
    for candidates in (runnable, executable, uncalled, started):
        if len(candidates) == 1:
            return _chosen(candidates[0])
    return _refused(
        "SEVERAL_PROCESSES", f"The file has several processes; name the one to run: {_ids(tuple(executable))}"
    )


def _has_start(process: ProcessModel) -> bool:
    return any(node.type is NodeType.START_EVENT for node in process.scope.nodes)


def _chosen(process: ProcessModel) -> tuple[ProcessModel, tuple[Diagnostic, ...]]:
    if process.executable is not False:
        return process, ()
    message = f"Process '{process.id}' says isExecutable=\"false\"; it runs all the same"
    return process, (Diagnostic("NOT_EXECUTABLE", message, process.id, Severity.WARNING, process.line),)


def _refused(code: str, message: str) -> tuple[None, tuple[Diagnostic, ...]]:
    return None, (Diagnostic(code, message),)


def _ids(processes: tuple[ProcessModel, ...]) -> str:
    return ", ".join(f"'{process.id}'" for process in processes)
