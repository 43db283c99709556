"""The page at /docs."""

import re

import pytest

from tests.api.edge import Edge, shared  # noqa: F401 - a fixture

NOBODY = Edge(permissions=())


def test_the_page_needs_no_token_and_loads_nothing_from_elsewhere(shared: Edge) -> None:
    answer = NOBODY.call("GET", "/docs")
    assert answer.headers["Content-Type"].startswith("text/html")
    page = answer.body["text"]
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert [link for link in links if not link.startswith(("docs/", "data:"))] == []
    assert "<style" not in page
    assert re.findall(r"<script(?! src=)", page) == []


def test_every_file_of_the_page_is_there(shared: Edge) -> None:
    page = NOBODY.call("GET", "/docs").body["text"]
    for path, kind in (
        (path, "css" if path.endswith("css") else "javascript") for path in re.findall(r'"(docs/[^"]+)"', page)
    ):
        answer = NOBODY.call("GET", f"/{path}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, f"text/{kind}; charset=utf-8")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert 'url: "openapi.json"' in NOBODY.call("GET", "/docs/start.js").body["text"]


def test_scripts_come_from_us_only(shared: Edge) -> None:
    policy = NOBODY.call("GET", "/docs").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"


@pytest.mark.parametrize("name", ["none.js", "..", "__init__.py", "LICENSE"])
def test_other_files_are_not_shown(shared: Edge, name: str) -> None:
    answer = NOBODY.call("GET", f"/docs/{name}")
    assert (answer.status, answer.error["details"]) == (404, {"resource_type": "file", "resource_id": name})
