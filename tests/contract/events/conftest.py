from collections.abc import Iterator

import pytest

from tests.contract.events.hooks import Hooks, hooks
from tests.contract.events.receiver import Receiver, receiving


@pytest.fixture
def world() -> Iterator[Hooks]:
    with hooks() as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening
