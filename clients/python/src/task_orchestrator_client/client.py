"""The client: every endpoint, and the short forms of the everyday ones."""

from collections.abc import Mapping
from typing import Any

from task_orchestrator_client import shapes
from task_orchestrator_client.operations import Operations


class TaskOrchestratorClient(Operations):
    """The API at one address, with one token; not to be shared by threads."""

    def create_workflow_instance(
        self, definition_id: str, name: str | None = None, input_vars: Mapping[str, Any] | None = None
    ) -> shapes.InstanceCreated:
        """Create an instance of a published definition; `create_instance` takes everything else that one may have."""
        given: dict[str, Any] = {"workflow_definition_id": definition_id, "input_variables": dict(input_vars or {})}
        return self.call("POST", "/workflow-instances", body=given if name is None else given | {"instance_name": name})

    def start_workflow(self, instance_id: str, options: Mapping[str, Any] | None = None) -> shapes.InstanceStarted:
        """Start an instance, with the `start_options` of the API."""
        path = f"/workflow-instances/{self.quoted(instance_id)}/start"
        return self.call("POST", path, body={"start_options": dict(options or {})})
