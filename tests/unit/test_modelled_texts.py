"""Texts of a model: literals as they stand, expressions of each language by their value."""

import pytest

from orchestrator.services.definitions.modelled_texts import value_of
from tests.fakes.clock import BEGIN

VARIABLES = {"boss": "bob", "customer": {"manager": "eve"}, "groups": ["a", "b"], "amount": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("bob", "bob"),
        ("=boss", "bob"),
        ("=customer.manager", "eve"),
        ("${boss}", "bob"),
        ("#{customer.manager}", "eve"),
        ("=groups", ["a", "b"]),
        ('=if amount > 5 then "high" else "low"', "high"),
        ("=nobody", None),
        ("${initiator}", None),
        ("=this is ( no expression", None),
        ("${bean.method(x)}", None),
    ],
)
def test_values(text: str, value: object) -> None:
    assert value_of(text, VARIABLES, BEGIN) == value
