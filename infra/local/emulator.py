"""ministack, the AWS endpoint that this process embeds: how it is configured, and the door to its modules.

The version is pinned: what `service` returns is used beyond its public face, and tests/local says when that breaks.
"""

import importlib
import os
import resource
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from infra.local.settings import ACCOUNT, REGION, LocalSettings


def configure(settings: LocalSettings) -> None:
    """Set what ministack reads from the environment when it is imported: call this before anything imports it."""
    temporary = settings.scratch / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(temporary)
    os.environ.update(
        {
            "GATEWAY_PORT": str(settings.aws_port),
            "MINISTACK_REGION": REGION,
            "BIND_HOST": "127.0.0.1",
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
            "PERSIST_STATE": "0",  # state.py keeps it
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(settings.objects),
            "STATE_DIR": str(settings.scratch / "state"),
            "DOCKER_HOST": f"unix://{settings.scratch / 'no-docker'}",  # it would look for containers of its own
            "IOT_MTLS_ENABLED": "0",  # would open a port on every interface
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "AWS_ENDPOINT_URL": settings.aws_endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
        }
    )
    os.environ.pop("AWS_PROFILE", None)
    os.environ.pop("AWS_SESSION_TOKEN", None)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def application() -> Any:
    """The module of the ASGI application."""
    return importlib.import_module("ministack.app")


def service(name: str) -> Any:
    """The module of a service, for instance `lambda_svc`; registered as if a request had loaded it."""
    return application()._get_module(name)  # noqa: SLF001 - so that it takes part in restoring and saving


def module(name: str) -> Any:
    """Any module of ministack, for instance `core.persistence`."""
    return importlib.import_module(f"ministack.{name}")


@contextmanager
def request_scope(account: str = ACCOUNT, region: str = REGION) -> Generator[None]:
    """Work on resources of this account and region, as within a request."""
    responses = module("core.responses")
    before = responses.get_account_id(), responses.get_region()
    responses.set_request_account_id(account)
    responses.set_request_region(region)
    try:
        yield
    finally:
        responses.set_request_account_id(before[0])
        responses.set_request_region(before[1])
