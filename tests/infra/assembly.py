"""Reading synthesized templates: resources by type, references as names."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    logical_id: str
    kind: str
    properties: Mapping[str, Any]
    whole: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """One synthesized stack."""

    stack: str
    path: Path

    @cached_property
    def body(self) -> dict[str, Any]:
        return json.loads(self.path.read_text())

    @property
    def resources(self) -> list[Resource]:
        rows = self.body["Resources"].items()
        return [Resource(name, row["Type"], row.get("Properties", {}), row) for name, row in rows]

    def of(self, kind: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.kind == kind]

    def one(self, kind: str) -> Resource:
        (resource,) = self.of(kind)
        return resource

    def get(self, logical_id: str) -> Resource:
        (resource,) = [row for row in self.resources if row.logical_id == logical_id]
        return resource


@dataclass(frozen=True)
class Assembly:
    """The stacks of one stage."""

    stage: str
    directory: Path

    def stack(self, name: str) -> Template:
        full = f"task-orchestrator-{self.stage}-{name}"
        return Template(name, self.directory / f"{full}.template.json")

    @property
    def stacks(self) -> list[Template]:
        return [self.stack(name) for name in ("data", "service", "observability")]

    @property
    def functions(self) -> dict[str, Resource]:
        """Lambda functions by the folder they are made of."""
        prefix = f"task-orchestrator-{self.stage}-"
        found = self.stack("service").of("AWS::Lambda::Function")
        return {row.properties["FunctionName"].removeprefix(prefix).replace("-", "_"): row for row in found}

    def statements(self, folder: str) -> list[dict[str, Any]]:
        """The policy statements of a function's role."""
        role = self.functions[folder].properties["Role"]["Fn::GetAtt"][0]
        policies = self.stack("service").of("AWS::IAM::Policy")
        mine = [policy for policy in policies if {"Ref": role} in policy.properties["Roles"]]
        return [row for policy in mine for row in policy.properties["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    """IAM writes one element without a list."""
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A property with references, as readable text."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return separator.join(text(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::ImportValue": name}:
            return f"<{text(name)}>"
        case _:
            return str(value)


def references(value: Any) -> Iterator[str]:
    """Logical ids mentioned anywhere below."""
    return iter(
        re.findall(r"<(\w+)", text(value)) if not isinstance(value, list) else [r for v in value for r in references(v)]
    )
