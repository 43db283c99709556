"""Executions of side threads: started after the record knows them, stopped after it has forgotten them."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.domain.ids import ROOT_THREAD, execution_name
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.threads import ThreadStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadExecutions:
    """Starts and stops executions; both may be repeated."""

    threads: ThreadStore
    engine: WorkflowEngine

    def start(self, instance: Instance, thread: SideThread) -> None:
        """Start the execution of a thread in its current run, with the token that it started with."""
        token = self.threads.token(instance.id, thread.id)
        name = execution_name(instance.id, run=thread.runs, thread=thread.id)
        given = {**token, "instance_id": instance.id, "thread": thread.id, "entry": thread.entry}
        self.engine.start(state_machine_arn=instance.state_machine_arn, name=name, token=given)

    def stop(self, instance: Instance, threads: Iterable[SideThread], *, cause: str) -> None:
        """Stop the executions of threads that the record has stopped."""
        for thread in threads:
            name = execution_name(instance.id, run=thread.runs, thread=thread.id)
            self.engine.stop(state_machine_arn=instance.state_machine_arn, name=name, cause=cause)
            self.threads.confirm_stopped(instance.id, thread.id)

    def stop_all(self, instance: Instance, *, cause: str, but: str | None = None) -> None:
        """Stop all executions of an instance that has ended, `but` that of one thread, which ends by itself."""
        if instance.runs and but != ROOT_THREAD:
            name = execution_name(instance.id, run=instance.runs)
            self.engine.stop(state_machine_arn=instance.state_machine_arn, name=name, cause=cause)
        self.stop(instance, [one for one in self.threads.running(instance.id) if one.id != but], cause=cause)
