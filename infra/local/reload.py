"""Redeploys while serving: new code within a second, new infrastructure by a full deployment."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import boto3
from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType]

from infra.local.assets import archive
from infra.local.settings import ROOT, LocalSettings

Json = dict[str, Any]

_WATCHED = ("infra", "layers", "functions", "state_machines")
_ORCHESTRATOR = ROOT / "layers" / "orchestrator"
_FUNCTIONS = ROOT / "functions"
_LOCAL = ROOT / "infra" / "local"
_QUIET_MS = 300
_BYTE_CODE = "__pycache__"


async def changed_files() -> AsyncIterator[set[Path]]:
    """Sources that changed, a short silence after the last change."""
    watched = [ROOT / name for name in _WATCHED if (ROOT / name).is_dir()]
    async for changes in awatch(*watched, watch_filter=_is_source, debounce=_QUIET_MS, raise_interrupt=False):
        yield {Path(path) for _, path in changes}


def _is_source(_: Change, path: str) -> bool:
    file = Path(path)
    return "__pycache__" not in file.parts and file.suffix != ".pyc" and _LOCAL not in file.parents


def is_code(file: Path) -> bool:
    """Whether a change of the file changes functions only, not the templates."""
    return _ORCHESTRATOR in file.parents or _FUNCTIONS in file.parents


class CodeUpdate:
    """Replaces the code of deployed functions without a template."""

    def __init__(self, settings: LocalSettings) -> None:
        self._prefix = settings.prefix
        self._lambda: Any = boto3.client("lambda", endpoint_url=settings.aws_endpoint)

    def apply(self, files: set[Path]) -> list[str]:
        """Update what these files belong to; what was updated, in words."""
        updated: list[str] = []
        if any(_ORCHESTRATOR in file.parents for file in files):
            updated.append(self._layer())
        folders = {file.relative_to(_FUNCTIONS).parts[0] for file in files if _FUNCTIONS in file.parents}
        return updated + [self._function(folder) for folder in sorted(folders) if (_FUNCTIONS / folder).is_dir()]

    def _function(self, folder: str) -> str:
        name = f"{self._prefix}-{folder.replace('_', '-')}"
        self._lambda.update_function_code(FunctionName=name, ZipFile=archive(_FUNCTIONS / folder, skipped=_BYTE_CODE))
        return name

    def _layer(self) -> str:
        name = f"{self._prefix}-orchestrator"
        published = self._lambda.publish_layer_version(
            LayerName=name, Content={"ZipFile": archive(_ORCHESTRATOR, skipped=_BYTE_CODE)}
        )
        for page in self._lambda.get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                layers = [layer["Arn"] for layer in function.get("Layers", [])]
                renewed = [published["LayerVersionArn"] if f":layer:{name}:" in arn else arn for arn in layers]
                if renewed != layers:
                    self._lambda.update_function_configuration(FunctionName=function["FunctionName"], Layers=renewed)
        return f"layer {name} version {published['Version']}"
