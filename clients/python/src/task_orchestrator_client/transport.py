"""Requests and answers: addresses, headers, repeats, pages."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from task_orchestrator_client.errors import error_of

#: what is worth another attempt; every POST has a key, so that a repeat is carried out once
_REPEATED: Final = (429, 502, 503, 504)


@dataclass(frozen=True)
class Answer:
    """One answer with its headers."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Transport:
    """One session of one caller."""

    def __init__(self, base_url: str, auth_token: str, *, timeout: float = 30.0, attempts: int = 5) -> None:
        """Address the API at `base_url`; `timeout` in seconds is that of each of at most `attempts` requests."""
        self.base_url = base_url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {auth_token}"}
        self.timeout = timeout
        retry = Retry(
            total=attempts - 1,
            status_forcelist=_REPEATED,
            allowed_methods=None,
            backoff_factor=0.2,
            backoff_jitter=0.2,
            raise_on_status=False,
        )
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Read anything, with its headers.

        Raises:
            ApiError: the API refused.
        """
        return self._sent("GET", path, query=query, body=None, headers={})

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Any:
        """Return the body of the answer to one request.

        Raises:
            ApiError: the API refused.
            requests.RequestException: it was not reached.
        """
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex} if method == "POST" else {}
        if if_match is not None:
            headers["If-Match"] = if_match
        return self._sent(method, path, query=query, body=body, headers=headers).body

    def pages(self, method: str, path: str, field: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the elements of a list, page by page."""
        page = self.call(method, path, query=query)
        yield from page[field]
        while cursor := page["pagination"].get("next_cursor"):
            left = {name: value for name, value in query.items() if name != "offset"}
            page = self.call(method, path, query=left | {"cursor": cursor})
            yield from page[field]

    @staticmethod
    def quoted(segment: str) -> str:
        """Return an id as a segment of a path."""
        return quote(segment, safe="")

    def _sent(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        response = self._session.request(
            method,
            self.base_url + path,
            params={name: _text(value) for name, value in (query or {}).items() if value is not None},
            json=body,
            headers={**self.headers, **headers},
            timeout=self.timeout,
        )
        if not response.ok:
            raise error_of(response)
        return Answer(response.status_code, response.headers, response.json() if response.content else None)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
