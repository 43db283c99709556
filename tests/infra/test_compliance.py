"""What cdk-nag, cfn-lint and CDK itself say, and that the same input gives the same bytes."""

import json
from collections import Counter
from pathlib import Path

import cfnlint
import pytest
from cfnlint.api import ManualArgs, lint

from tests.infra.assembly import Assembly

INVENTORY = Path(__file__).with_name("inventory.json")


def test_nothing_to_say(messages: list[list[str]]) -> None:
    """cdk-nag's AwsSolutions pack, CDK's warnings: everything is right or accepted where it stands."""
    assert [row for row in messages if row[1] != "INFO"] == []


def test_every_acceptance_has_a_reason_and_names_what_it_accepts(stage: Assembly) -> None:
    accepted = [
        (resource.logical_id, row)
        for stack in stage.stacks
        for resource in stack.resources
        for row in resource.whole.get("Metadata", {}).get("cdk_nag", {}).get("rules_to_suppress", [])
    ]
    assert accepted
    for logical_id, row in accepted:
        assert len(row["reason"].split()) >= 4, (logical_id, row)
        if row["id"].startswith("AwsSolutions-IAM"):
            assert row["applies_to"], (logical_id, row)


@pytest.mark.parametrize("name", ["data", "service", "observability"])
def test_cfn_lint(prod: Assembly, name: str) -> None:
    """Of production: the other stage has the same resources with other figures, and is deployed in other tests."""
    # W3005: CDK states dependencies that a reference implies already.
    found = lint(prod.stack(name).path.read_text(), config=ManualArgs(regions=["us-east-1"], ignore_checks=["W3005"]))
    assert [str(match) for match in found] == [], cfnlint.__name__


def test_same_input_same_bytes(synthesized: Path) -> None:
    if not (synthesized / "undisturbed").exists():
        pytest.skip("the sources were edited between the two syntheses")
    once, again = synthesized / "dev", synthesized / "again"
    files = sorted(path.name for path in once.glob("*.template.json")) + sorted(
        path.name for path in once.glob("*.assets.json")
    )
    assert files
    for name in files:
        assert (once / name).read_bytes() == (again / name).read_bytes(), name


def test_inventory(dev: Assembly, prod: Assembly) -> None:
    """How many resources of which type; a change here is seen in review. Rewrite inventory.json when it is meant."""
    counted = {
        f"{assembly.stage}-{stack.stack}": dict(sorted(Counter(row.kind for row in stack.resources).items()))
        for assembly in (dev, prod)
        for stack in assembly.stacks
    }
    assert counted == json.loads(INVENTORY.read_text()), json.dumps(counted, indent=1)


def test_stacks_are_far_from_cloudformations_limits(stage: Assembly) -> None:
    """CDK warns from 400 resources on: it is told not to count, as this test does."""
    for stack in stage.stacks:
        assert len(stack.resources) < 450, "CloudFormation takes 500"
        assert stack.path.stat().st_size < 900_000, "CloudFormation takes 1 MB"
