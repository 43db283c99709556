"""moto's account, made quick: what moto and boto3 read and guess anew for every call costs more than the calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.serialize import AttributePicker, AttributePickerContext

REGION = "us-east-1"
_guess = AttributePicker.__call__


@cache
def session() -> boto3.Session:
    """One session keeps the descriptions of AWS services that it has read."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)


def _pick(self: AttributePicker, context: AttributePickerContext) -> Any:
    """An attribute value of DynamoDB, `{"S": "text"}`, is its own answer; moto tries a dozen spellings per member."""
    if type(context.obj) is dict and context.shape.parent.name == "AttributeValue":
        return context.obj.get(context.key)
    return _guess(self, context)


@contextmanager
def account() -> Iterator[None]:
    """An empty account."""
    with (
        mock_aws(),
        patch("boto3.DEFAULT_SESSION", session()),
        patch("boto3.Session", lambda **_: session()),
        patch.object(AttributePicker, "__call__", _pick),
    ):
        yield
