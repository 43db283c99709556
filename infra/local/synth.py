"""The templates and assets to deploy: synthesized when their sources changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from infra.config import VARIABLES
from infra.local.settings import ROOT, LocalSettings

_SOURCES = ("infra", "layers", "functions", "state_machines", "pyproject.toml", "uv.lock", "cdk.json")
#: sources of the local stack itself shape no template
_OTHERS = ("infra/local",)
_ASSEMBLIES = ROOT / ".build" / "assemblies"
_KEPT = 5


class Templates(Protocol):
    """Where the assembly comes from that is deployed."""

    def key(self) -> str:
        """Identifies the sources as they are now."""
        ...

    def write(self, settings: LocalSettings) -> Path:
        """The directory of the assembly of these sources; made if it is not there.

        Raises:
            SynthError: with what the sources' author must know.
        """
        ...


class SynthError(Exception):
    """The templates could not be made; the message is what the app said."""


class ProductTemplates:
    """The CDK app of this checkout."""

    def key(self) -> str:
        """Identifies the content of everything that a template or an asset is made of."""
        digest = hashlib.sha256(repr([os.environ.get(variable) for variable in VARIABLES]).encode())
        for file in _files(ROOT):
            digest.update(f"{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def write(self, settings: LocalSettings) -> Path:
        """Synthesize in a process of its own, unless there is an assembly of these sources."""
        target = _ASSEMBLIES / f"{settings.stage}-{self.key()[:16]}"
        if not target.is_dir():
            fresh = target.with_name(f"{target.name}.{os.getpid()}")
            _synthesize(settings.stage, fresh)
            with suppress(OSError):  # another process was faster
                fresh.rename(target)
            shutil.rmtree(fresh, ignore_errors=True)
        _forget_old(target)
        return target


def _synthesize(stage: str, output: Path) -> None:
    environment = {
        **os.environ,
        "STAGE": stage,
        "LAYER_PLATFORM": "local",
        "CDK_OUTDIR": str(output),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    command = [sys.executable, "-m", "infra.app"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        shutil.rmtree(output, ignore_errors=True)
        raise SynthError(run.stderr.strip() or run.stdout.strip())


def _forget_old(used: Path) -> None:
    """Keep the assemblies that were used last: stacks that run may still read them."""
    os.utime(used)
    by_age = sorted(_ASSEMBLIES.iterdir(), key=lambda assembly: assembly.stat().st_mtime, reverse=True)
    for old in by_age[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _files(root: Path) -> list[Path]:
    skipped = tuple(str(root / other) for other in _OTHERS)
    found = [
        file
        for source in _SOURCES
        for file in ([root / source] if (root / source).is_file() else (root / source).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    ]
    return sorted(file for file in found if not str(file).startswith(skipped))
