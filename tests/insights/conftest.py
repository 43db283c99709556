"""The functions over an empty account."""

from collections.abc import Iterator

import pytest

from tests.api.edge import Edge, deployed


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    with deployed(monkeypatch) as edge:
        yield edge
