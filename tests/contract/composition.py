"""Services of a test's runtime in the place of those that functions compose."""

from collections.abc import Mapping

import pytest

from orchestrator.bootstrap import instances, machines, outbox, publications, tasks

MODULES = (instances, machines, outbox, publications, tasks)


def compose(patch: pytest.MonkeyPatch, services: Mapping[str, object]) -> None:
    """Give these to whoever asks bootstrap for them."""
    for name, service in services.items():
        (module,) = (module for module in MODULES if hasattr(module, name))
        patch.setattr(module, name, lambda service=service: service)
