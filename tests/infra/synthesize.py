"""Synthesizes dev (twice) and prod under cdk-nag, in a process of its own: jsii takes half a gigabyte.

`python -m tests.infra.synthesize OUTPUT` writes OUTPUT/dev, OUTPUT/again (dev, without cdk-nag), OUTPUT/prod and
OUTPUT/messages.json: what CDK, its validation and cdk-nag had to say, as [stage, level, path, text].
OUTPUT/undisturbed says that nobody edited the sources between the two.
"""

import hashlib
import json
import sys
from pathlib import Path

import cdk_nag
from aws_cdk import Aspects

from infra import app as application
from infra.config import stage_config

ROOT = Path(__file__).resolve().parents[2]
#: Dev as the local stack deploys it, prod as AWS gets it.
PLATFORMS = {"dev": "local", "prod": "aws"}


def synthesize(stage: str, output: Path, *, checks: bool) -> list[list[str]]:
    config = stage_config({"STAGE": stage, "LAYER_PLATFORM": PLATFORMS[stage]})
    app = application.build(application.new_app(output), config)
    if checks:
        Aspects.of(app).add(cdk_nag.AwsSolutionsChecks(verbose=True))
    assembly = app.synth()
    messages = [message for stack in assembly.stacks for message in stack.messages]
    return [[stage, message.level.name, message.id, str(message.entry.data)] for message in messages]


def fingerprint() -> str:
    """What the code assets are made of."""
    files = sorted(path for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def main(output: Path) -> None:
    before = fingerprint()
    found = synthesize("dev", output / "dev", checks=True)
    synthesize("dev", output / "again", checks=False)
    if before == fingerprint():
        (output / "undisturbed").touch()
    found += synthesize("prod", output / "prod", checks=True)
    (output / "messages.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
