"""The templates and assets to deploy: synthesized when their sources changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from infra.local.settings import ROOT, LocalSettings

_SOURCES = ("infra", "layers", "functions", "state_machines", "pyproject.toml", "uv.lock", "cdk.json")
#: sources of the local stack itself shape no template
_OTHERS = ("infra/local",)


class Templates(Protocol):
    """Where the assembly comes from that is deployed."""

    def key(self) -> str:
        """Identifies the sources as they are now."""
        ...

    def write(self, settings: LocalSettings) -> bool:
        """Write the assembly of these sources to `settings.templates`; False if it was there already.

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
        digest = hashlib.sha256()
        for file in _files(ROOT):
            digest.update(f"{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def write(self, settings: LocalSettings) -> bool:
        """Synthesize in a process of its own, unless the assembly is of these sources already."""
        key = self.key()
        stamp = settings.templates / "sources.key"
        if stamp.is_file() and stamp.read_text() == key:
            return False
        stamp.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "STAGE": settings.stage,
            "LAYER_PLATFORM": "local",
            "CDK_OUTDIR": str(settings.templates),
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        }
        command = [sys.executable, "-m", "infra.app"]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if run.returncode:
            raise SynthError(run.stderr.strip() or run.stdout.strip())
        stamp.write_text(key)
        return True


def _files(root: Path) -> list[Path]:
    skipped = tuple(str(root / other) for other in _OTHERS)
    found = [
        file
        for source in _SOURCES
        for file in ([root / source] if (root / source).is_file() else (root / source).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    ]
    return sorted(file for file in found if not str(file).startswith(skipped))
