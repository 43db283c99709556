"""Synthesizes the CDK app in a process of its own, if its sources changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from infra.local.settings import ROOT, LocalSettings

_SOURCES = ("infra", "layers", "functions", "state_machines", "pyproject.toml", "uv.lock", "cdk.json")
#: sources of the local stack itself shape no template
_OTHERS = ("infra/local",)


class SynthError(Exception):
    """The templates could not be made; the message is what the app said."""


def sources_key(root: Path = ROOT) -> str:
    """Identifies the content of everything that a template or an asset is made of."""
    digest = hashlib.sha256()
    for file in _files(root):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    skipped = tuple(str(root / other) for other in _OTHERS)
    found = [
        file
        for source in _SOURCES
        for file in ([root / source] if (root / source).is_file() else (root / source).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    ]
    return sorted(file for file in found if not str(file).startswith(skipped))


def synthesize(settings: LocalSettings, key: str) -> bool:
    """Write the templates unless they are those of `key` already; whether they were written.

    Raises:
        SynthError: the app ended with an error.
    """
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
    run = subprocess.run(
        [sys.executable, "-m", "infra.app"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SynthError(run.stderr.strip() or run.stdout.strip())
    stamp.write_text(key)
    return True
