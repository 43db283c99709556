from collections.abc import Iterator

import pytest

from tests.builders import Runtime
from tests.contract.dynamodb import fresh_table


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    with fresh_table() as (table, calls):
        yield Runtime(table, calls)
