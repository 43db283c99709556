"""One interpreter for all machines of a test process."""

from collections.abc import Iterator

import pytest

from tests.execution.machines.runtime import Machines, machines


@pytest.fixture(scope="package")
def engine() -> Iterator[Machines]:
    with machines() as found:
        yield found
