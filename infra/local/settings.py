"""What the environment says about the local stack."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.wait_scale import parse_wait_scale

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "000000000000"


class SettingsError(Exception):
    """The environment asks for something that cannot be; the message names the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """`wait_scale` multiplies every wait of the engine and the scheduler; `state` is the directory of all state."""

    state: Path
    api_port: int = 3017
    aws_port: int = 4566
    wait_scale: float = 1.0
    stage: str = "dev"
    watch: bool = True

    @property
    def prefix(self) -> str:
        """Begins the name of every resource of the stage."""
        return f"task-orchestrator-{self.stage}"

    @property
    def aws_endpoint(self) -> str:
        """The endpoint of all AWS APIs."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def api_url(self) -> str:
        """The root of the product's API."""
        return f"http://localhost:{self.api_port}"

    @property
    def database(self) -> Path:
        """Everything that survives a stop."""
        return self.state / "state.sqlite"

    @property
    def objects(self) -> Path:
        """Bodies of S3 objects."""
        return self.state / "objects"

    @property
    def scratch(self) -> Path:
        """Unpacked functions and other files that a start may empty."""
        return self.state / "scratch"

    @property
    def secret(self) -> Path:
        """The signing secret of local tokens."""
        return self.state / "jwt-secret"


def local_settings(environment: Mapping[str, str] | None = None) -> LocalSettings:
    """Read `API_PORT`, `AWS_PORT`, `LOCAL_STATE`, `WAIT_SCALE`, `STAGE` and `WATCH` (0: no redeployment).

    Raises:
        SettingsError: a value makes no sense.
    """
    source = os.environ if environment is None else environment
    return LocalSettings(
        state=Path(source.get("LOCAL_STATE") or ROOT / ".local").absolute(),
        api_port=_port(source, "API_PORT", 3017),
        aws_port=_port(source, "AWS_PORT", 4566),
        wait_scale=_scale(source),
        stage=source.get("STAGE") or "dev",
        watch=source.get("WATCH", "1") != "0",
    )


def _port(source: Mapping[str, str], name: str, default: int) -> int:
    text = source.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 2**16:
        raise SettingsError(f"{name} must be a port number, not {text!r}")
    return int(text)


def _scale(source: Mapping[str, str]) -> float:
    try:
        return parse_wait_scale(source.get("WAIT_SCALE") or "1")
    except ValueError as error:
        raise SettingsError(str(error)) from None


def clean_environment(settings: LocalSettings) -> dict[str, str]:
    """What processes that run our code locally see of this machine: no secrets of the user."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": tempfile.gettempdir(),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "AWS_ENDPOINT_URL": settings.aws_endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
    }
