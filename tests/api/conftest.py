from collections import Counter
from collections.abc import Iterator

import pytest

from orchestrator.bootstrap import aws as aws_bootstrap
from tests.api.edge import Edge, deployed
from tests.api.service import Service


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The functions over an empty account; AWS calls are counted."""
    with deployed(monkeypatch) as edge:
        calls: Counter[str] = Counter()
        for name in ("dynamodb", "stepfunctions", "s3"):
            events = aws_bootstrap.client(name).meta.events
            events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
        yield Service(calls, edge)


@pytest.fixture
def ada(service: Service) -> Edge:
    """A caller who may do everything."""
    return service.api
