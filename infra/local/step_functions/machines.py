"""State machines: create, describe, update, list, delete."""

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from infra.local.step_functions.definition import parse
from infra.local.step_functions.names import Place
from infra.local.step_functions.paging import page
from infra.local.step_functions.refusals import StepFunctionsError

Json = dict[str, Any]


@dataclass(slots=True)
class Machine:
    """A state machine as it is stored; `parsed` is read from `definition`."""

    arn: str
    name: str
    definition: str
    role_arn: str
    parsed: Json
    created: float
    revision: str = "INITIAL"
    kind: str = "STANDARD"
    is_traced: bool = False
    tags: dict[str, str] = field(default_factory=dict[str, str])

    def stored(self) -> Json:
        """The machine as JSON, without what can be read again."""
        skipped = ("parsed",)
        return {name: getattr(self, name) for name in self.__slots__ if name not in skipped}


class Machines:
    """All state machines of one account and region."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.by_arn: dict[str, Machine] = {}
        #: ARNs of machines that changed since `take_changes`
        self._dirty: set[str] = set()

    def take_changes(self) -> dict[str, Json | None]:
        """Machines that changed since the last call, as they are stored; None: deleted."""
        taken, self._dirty = self._dirty, set()
        return {arn: self.by_arn[arn].stored() if arn in self.by_arn else None for arn in taken}

    def find(self, arn: str) -> Machine:
        """Raises StepFunctionsError StateMachineDoesNotExist."""
        if arn not in self.by_arn:
            raise StepFunctionsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return self.by_arn[arn]

    def create(self, body: Json) -> Json:
        """CreateStateMachine: the same again is the same machine, another definition under its name is refused."""
        arn = self._place.machine(body["name"])
        parsed = parse(body["definition"])
        existing = self.by_arn.get(arn)
        if existing is not None and existing.definition != body["definition"]:
            raise StepFunctionsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        if existing is None:
            existing = self.by_arn[arn] = Machine(
                arn,
                body["name"],
                body["definition"],
                body.get("roleArn", ""),
                parsed,
                time.time(),
                kind=body.get("type", "STANDARD"),
                is_traced=_is_traced(body),
                tags={tag["key"]: tag["value"] for tag in body.get("tags", [])},
            )
            self._dirty.add(arn)
        return {"stateMachineArn": arn, "creationDate": existing.created}

    def restore(self, stored: Json) -> None:
        """A machine as `Machine.stored` gave it."""
        self.by_arn[stored["arn"]] = Machine(**stored, parsed=parse(stored["definition"]))

    def describe(self, body: Json) -> Json:
        """DescribeStateMachine."""
        machine = self.find(body["stateMachineArn"])
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "status": "ACTIVE",
            "definition": machine.definition,
            "roleArn": machine.role_arn,
            "type": machine.kind,
            "creationDate": machine.created,
            "revisionId": machine.revision,
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
            "tracingConfiguration": {"enabled": machine.is_traced},
        }

    def update(self, body: Json) -> Json:
        """UpdateStateMachine: executions that run keep the definition they were started with."""
        machine = self.find(body["stateMachineArn"])
        if "definition" in body:
            machine.parsed = parse(body["definition"])
            machine.definition = body["definition"]
        self._dirty.add(machine.arn)
        machine.role_arn = body.get("roleArn", machine.role_arn)
        if "tracingConfiguration" in body:
            machine.is_traced = _is_traced(body)
        machine.revision = str(uuid.uuid4())
        return {"updateDate": time.time(), "revisionId": machine.revision}

    def delete(self, body: Json) -> Json:
        """DeleteStateMachine: deleting what is not there is no error."""
        self.by_arn.pop(body["stateMachineArn"], None)
        self._dirty.add(body["stateMachineArn"])
        return {}

    def list(self, body: Json) -> Json:
        """ListStateMachines."""
        items = [
            {
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "type": machine.kind,
                "creationDate": machine.created,
            }
            for machine in self.by_arn.values()
        ]
        return page(items, body, name="stateMachines")

    def validate(self, body: Json) -> Json:
        """ValidateStateMachineDefinition."""
        try:
            parse(body["definition"])
        except StepFunctionsError as refusal:
            problem = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": refusal.message}
            return {"result": "FAIL", "diagnostics": [problem], "truncated": False}
        return {"result": "OK", "diagnostics": [], "truncated": False}

    def tag(self, body: Json) -> Json:
        """TagResource."""
        self.find(body["resourceArn"]).tags.update({tag["key"]: tag["value"] for tag in body["tags"]})
        self._dirty.add(body["resourceArn"])
        return {}

    def untag(self, body: Json) -> Json:
        """UntagResource."""
        for key in body["tagKeys"]:
            self.find(body["resourceArn"]).tags.pop(key, None)
        self._dirty.add(body["resourceArn"])
        return {}

    def tags(self, body: Json) -> Json:
        """ListTagsForResource."""
        tags = self.find(body["resourceArn"]).tags
        return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def _is_traced(body: Json) -> bool:
    """Traces are noted as wished for; nothing local collects any."""
    return bool(body.get("tracingConfiguration", {}).get("enabled", False))
