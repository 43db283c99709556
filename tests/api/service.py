"""What stands behind the API in these tests: definitions, instances and tasks made through it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import EndpointConnectionError

from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import machines as machines_bootstrap
from orchestrator.domain.ids import InstanceId
from orchestrator.services.machines.dispatch import Arrival, Call
from tests.api.edge import Edge

TWO_TASKS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">
  <process id="p" name="Two tasks" isExecutable="true">
    <startEvent id="s"/>
    <userTask id="collect" name="Data Collection"><documentation>Collect the data</documentation></userTask>
    <userTask id="decide" name="Decision"/>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="collect"/>
    <sequenceFlow id="f2" sourceRef="collect" targetRef="decide"/>
    <sequenceFlow id="f3" sourceRef="decide" targetRef="e"/>
  </process>
</definitions>"""
#: readable, but no engine can run it: a gateway that we refuse
NOT_RUNNABLE = TWO_TASKS.replace('<userTask id="decide" name="Decision"/>', '<complexGateway id="decide"/>')


@dataclass
class Service:
    calls: Counter[str]
    api: Edge

    def defined(self, bpmn: str = TWO_TASKS, **fields: Any) -> str:
        body = {"name": "Order", "version": "1.0.0", "bpmn_content": bpmn, **fields}
        return self.api.ok("POST", "/workflow-definitions", body)["id"]

    def published(self, **fields: Any) -> str:
        definition = self.defined(**fields)
        self.api.ok("POST", f"/workflow-definitions/{definition}/publish")
        return definition

    def created(self, definition: str | None = None, **fields: Any) -> str:
        body = {"workflow_definition_id": definition or self.published(), **fields}
        return self.api.ok("POST", "/workflow-instances", body)["id"]

    def started(self, definition: str | None = None, **fields: Any) -> str:
        instance = self.created(definition, **fields)
        self.api.ok("POST", f"/workflow-instances/{instance}/start")
        return instance

    def arrive(self, instance: str, element: str = "collect", **variables: Any) -> str:
        """What the state machine does when its token reaches an element; the id of the task."""
        call = Call(
            instance_id=InstanceId(instance), thread="root", execution=instance, scope="", clock=0, trail=("s",)
        )
        arrival = Arrival(element_id=element, occurrence=0, token=f"token-{element}", input_data=variables)
        machines_bootstrap.task_dispatcher().activate(call, arrival)
        tasks = self.api.ok("GET", f"/workflow-instances/{instance}/status", include_tasks="true")["current_tasks"]
        return next(task["id"] for task in tasks if task["element_id"] == element)

    def task(self, **variables: Any) -> str:
        """A task that waits in a running instance."""
        return self.arrive(self.started(), **variables)

    def stop_record(self) -> None:
        """From now on the table does not answer."""

        def refuse(**_: Any) -> None:
            raise EndpointConnectionError(endpoint_url="dynamodb")

        aws_bootstrap.client("dynamodb").meta.events.register("before-call.dynamodb.*", refuse)

    def snapshot(self) -> dict[tuple[str, str], Any]:
        """Every item of the table."""
        items = aws_bootstrap.client("dynamodb").scan(TableName="record")["Items"]
        return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
