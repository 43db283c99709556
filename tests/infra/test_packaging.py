"""The dependencies layer: complete for what runs in it, and no more than that."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.packaging import dependencies, strip
from infra.packaging.platform import LayerPlatform

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "layers" / "orchestrator" / "python" / "orchestrator"
IMPORTS = (
    "boto3, botocore, lark, lxml.etree, pydantic, jwt, cryptography.hazmat.primitives.asymmetric.rsa, ulid, "
    "aws_lambda_powertools.event_handler, aws_lambda_powertools.utilities.batch, "
    "aws_lambda_powertools.utilities.idempotency"
)


@pytest.fixture(scope="module", params=list(LayerPlatform))
def layer(request: pytest.FixtureRequest) -> dependencies.DependenciesLayer:
    return dependencies.build_dependencies(request.param)


def _run_in_layer(code: str) -> str:
    site = dependencies.build_dependencies(LayerPlatform.LOCAL).directory / "python"
    program = f"import sys; sys.path[:0] = [{str(site)!r}]; {code}"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"AWS_DEFAULT_REGION": "us-east-1", "PATH": ""},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_layer_fits_lambda(layer: dependencies.DependenciesLayer) -> None:
    ours = strip.size(PRODUCT)
    assert strip.size(layer.directory) + ours < dependencies.UNZIPPED_LIMIT
    assert strip.size(layer.directory) < 64 * 1024 * 1024, "grown by half: what came in?"


def test_layer_carries_no_tests_stubs_or_foreign_models(layer: dependencies.DependenciesLayer) -> None:
    site = layer.directory / "python"
    assert not [path for path in site.rglob("*") if path.suffix in {".pyi", ".pxd", ".h"} or path.name == "tests"]
    services = {path.name for path in (site / "botocore" / "data").iterdir() if path.is_dir()}
    assert services <= strip.AWS_SERVICES


def test_lambda_layer_holds_wheels_for_arm() -> None:
    site = dependencies.build_dependencies(LayerPlatform.AWS).directory / "python"
    compiled = [path.name for path in site.rglob("*.so")]
    assert compiled
    assert not [name for name in compiled if "x86_64" in name or "cpython-311" in name]


def test_everything_imports_from_the_layer_alone() -> None:
    _run_in_layer(f"import {IMPORTS}")


def test_clients_of_every_kept_service_can_be_made() -> None:
    """A model that is missing would show at the first call in production only."""
    made = _run_in_layer(f"import boto3; [boto3.client(s) for s in {sorted(strip.AWS_SERVICES)!r}]; print('made')")
    assert made.strip() == "made"


def test_the_product_asks_for_no_service_that_was_stripped() -> None:
    pattern = re.compile(r"""(?:client|resource)\(\s*["']([a-z0-9-]+)["']""")
    asked = {name for path in PRODUCT.rglob("*.py") for name in pattern.findall(path.read_text())}
    assert asked <= strip.AWS_SERVICES


def test_a_second_build_is_none() -> None:
    first = dependencies.build_dependencies(LayerPlatform.LOCAL)
    before = first.directory.stat().st_ctime_ns
    assert dependencies.build_dependencies(LayerPlatform.LOCAL) == first
    assert first.directory.stat().st_ctime_ns == before
