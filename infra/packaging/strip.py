"""What of the installed packages never runs in a function, and therefore does not travel."""

import shutil
from pathlib import Path

#: The services that the product calls; botocore carries the models of some four hundred others, 27 MB of them.
AWS_SERVICES = frozenset(
    {
        "cloudwatch",
        "dynamodb",
        "dynamodbstreams",
        "events",
        "kms",
        "lambda",
        "s3",
        "scheduler",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "sso",
        "sso-oidc",
        "stepfunctions",
        "sts",
    }
)

_DIRECTORIES = ("__pycache__", "tests", "bin")
_SUFFIXES = (".pyc", ".pyi", ".pyx", ".pxd", ".h", ".c", ".pxi")


def strip(site: Path) -> None:
    """Remove byte code, type stubs, sources of compiled modules, tests and unused service models below `site`."""
    for directory in sorted(path for name in _DIRECTORIES for path in site.rglob(name) if path.is_dir()):
        shutil.rmtree(directory, ignore_errors=True)
    for file in [path for path in site.rglob("*") if path.suffix in _SUFFIXES and path.is_file()]:
        file.unlink()
    _strip_service_models(site / "botocore" / "data")
    _strip_service_models(site / "boto3" / "data")


def _strip_service_models(data: Path) -> None:
    for service in [path for path in data.glob("*") if path.is_dir() and path.name not in AWS_SERVICES]:
        shutil.rmtree(service)


def size(directory: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
