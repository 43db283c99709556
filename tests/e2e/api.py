"""A caller of the API: what a user does with curl, as methods; answers are checked for success."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.e2e.stack import wait_until

Json = dict[str, Any]
#: decides the result data of a task
Decision = Callable[[Json], Json]
TERMINAL = {"completed", "failed", "cancelled", "terminated"}


@dataclass
class Api:
    url: str
    token: str

    def call(self, method: str, path: str, *, body: object = None, **parameters: str) -> requests.Response:
        return requests.request(
            method,
            self.url + path,
            json=body,
            params=parameters,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            timeout=30,
        )

    def ok(self, method: str, path: str, *, body: object = None, **parameters: str) -> Json:
        response = self.call(method, path, body=body, **parameters)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else {}

    def publish(self, bpmn: str, *, name: str = "model") -> str:
        """Create, validate and publish a definition; its id."""
        definition = self.ok(
            "POST",
            "/workflow-definitions",
            body={"name": name, "version": "1.0.0", "bpmn_content": bpmn, "bpmn_format": "xml"},
        )
        validated = self.ok("POST", f"/workflow-definitions/{definition['id']}/validate", body={})
        assert validated["validation_result"]["is_valid"], validated["validation_result"]["errors"]
        published = self.ok("POST", f"/workflow-definitions/{definition['id']}/publish", body={})
        assert published["status"] == "published"
        return definition["id"]

    def start(self, definition_id: str, variables: Mapping[str, Any] | None = None, **options: Any) -> str:
        instance = self.ok(
            "POST",
            "/workflow-instances",
            body={
                "workflow_definition_id": definition_id,
                "instance_name": "run",
                "input_variables": dict(variables or {}),
            },
        )
        assert instance["status"] == "created"
        started = self.ok("POST", f"/workflow-instances/{instance['id']}/start", body={"start_options": options})
        assert started["status"] in {"running", "completed"}
        return instance["id"]

    def status(self, instance_id: str) -> Json:
        return self.ok("GET", f"/workflow-instances/{instance_id}/status", include_tasks="true")

    def open_tasks(self, instance_id: str) -> list[Json]:
        return self.status(instance_id)["current_tasks"]

    def wait_for_tasks(self, instance_id: str, *names: str, seconds: float = 20) -> dict[str, Json]:
        """Wait until just the tasks of these element ids are open."""

        def opened() -> dict[str, Json] | None:
            tasks = {task["element_id"]: task for task in self.open_tasks(instance_id)}
            return tasks if set(tasks) == set(names) else None

        return wait_until(opened, seconds=seconds, what=f"tasks {names} of {instance_id}")

    def complete(self, task_id: str, result: Json | None = None) -> Json:
        return self.ok("POST", f"/tasks/{task_id}/complete", body={"result_data": result or {}})

    def drive(self, instance_id: str, decide: Decision, *, seconds: float = 60) -> tuple[Json, list[str]]:
        """Complete open tasks one after another until the instance has ended; its last status, the elements done."""
        done: list[str] = []
        completed = 0

        def step() -> Json | None:
            nonlocal completed
            status = self.status(instance_id)
            assert status["progress"]["completed_tasks"] >= completed, "progress went back"
            completed = status["progress"]["completed_tasks"]
            if status["status"] in TERMINAL:
                return status
            for task in status["current_tasks"]:
                self.complete(task["id"], decide(task))
                done.append(task["element_id"])
                break
            return None

        return wait_until(step, seconds=seconds, what=f"the end of {instance_id}"), done
