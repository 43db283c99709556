"""The two layers that every function carries: our package and the locked third-party packages."""

import platform as machine
from pathlib import Path

from aws_cdk import AssetHashType, IgnoreMode
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.packaging.dependencies import build_dependencies
from infra.packaging.platform import LayerPlatform

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = lambda_.Runtime.PYTHON_3_13
BYTE_CODE = ["**/__pycache__", "**/*.pyc"]
_ARM = frozenset({"aarch64", "arm64"})


def architecture(platform: LayerPlatform) -> lambda_.Architecture:
    """arm64 on Lambda; locally that of this machine, whose wheels the layer holds."""
    if platform is LayerPlatform.LOCAL and machine.machine().lower() not in _ARM:
        return lambda_.Architecture.X86_64
    return lambda_.Architecture.ARM_64


class Layers(Construct):
    """Attribute `all`; the layers share no file, so their order does not matter."""

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str, platform: LayerPlatform) -> None:
        super().__init__(scope, construct_id)
        self._prefix, self._architecture = prefix, architecture(platform)
        self.all = [
            self._layer("Orchestrator", "orchestrator", self._orchestrator()),
            self._layer("Dependencies", "dependencies", self._dependencies(platform)),
        ]

    def _layer(self, construct_id: str, name: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            layer_version_name=f"{self._prefix}-{name}",
            code=code,
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[self._architecture],
        )

    @staticmethod
    def _orchestrator() -> lambda_.Code:
        return lambda_.Code.from_asset(
            str(ROOT / "layers" / "orchestrator"), exclude=BYTE_CODE, ignore_mode=IgnoreMode.GLOB
        )

    @staticmethod
    def _dependencies(platform: LayerPlatform) -> lambda_.Code:
        """Identified by what it was built from: byte code differs from build to build, the lock file does not."""
        built = build_dependencies(platform)
        return lambda_.Code.from_asset(str(built.directory), asset_hash=built.key, asset_hash_type=AssetHashType.CUSTOM)
