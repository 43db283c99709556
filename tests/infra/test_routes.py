"""The API of the template is the endpoint catalogue, no more and no less."""

import json
import re
from typing import Any

import pytest

from orchestrator.api.endpoints import ENDPOINTS
from tests.infra.assembly import Assembly, text


def _paths(assembly: Assembly) -> dict[str, str]:
    """Path by logical id of the API resource."""
    service = assembly.stack("service")
    rows = {row.logical_id: row.properties for row in service.of("AWS::ApiGateway::Resource")}

    def path(logical_id: str) -> str:
        row = rows[logical_id]
        above = row["ParentId"]
        return (path(above["Ref"]) if "Ref" in above else "") + "/" + row["PathPart"]

    return {logical_id: path(logical_id) for logical_id in rows}


def _methods(assembly: Assembly) -> dict[tuple[str, str], dict[str, Any]]:
    paths = _paths(assembly)
    rows = [row.properties for row in assembly.stack("service").of("AWS::ApiGateway::Method")]
    return {
        (row["HttpMethod"], paths[row["ResourceId"]["Ref"]]): dict(row) for row in rows if "Ref" in row["ResourceId"]
    }


def test_routes_are_the_catalogue(stage: Assembly) -> None:
    declared = {key for key in _methods(stage) if key[0] != "OPTIONS"}
    catalogue = {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    assert declared == catalogue | {("HEAD", path) for method, path in catalogue if method == "GET"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_route_reaches_its_group_behind_the_authorizer(dev: Assembly, endpoint: Any) -> None:
    method = _methods(dev)[endpoint.method, endpoint.path]
    function = dev.functions[endpoint.group]
    assert method["Integration"]["Type"] == "AWS_PROXY"
    assert f"<{function.logical_id}.Arn>" in text(method["Integration"]["Uri"])
    if endpoint.permission is None:
        assert method["AuthorizationType"] == "NONE"
    else:
        assert method["AuthorizationType"] == "CUSTOM"
        assert method["AuthorizerId"]["Ref"] == dev.stack("service").one("AWS::ApiGateway::Authorizer").logical_id


def test_authorizer_sees_only_requests_with_a_token(stage: Assembly) -> None:
    authorizer = stage.stack("service").one("AWS::ApiGateway::Authorizer").properties
    assert authorizer["Type"] == "REQUEST"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert 0 < authorizer["AuthorizerResultTtlInSeconds"] <= 300


def test_preflight_only_where_origins_are_allowed(dev: Assembly, prod: Assembly) -> None:
    assert {path for method, path in _methods(dev) if method == "OPTIONS"} == set(_paths(dev).values())
    assert not [path for method, path in _methods(prod) if method == "OPTIONS"]


def test_stage_is_throttled_logged_and_traced(stage: Assembly) -> None:
    properties = stage.stack("service").one("AWS::ApiGateway::Stage").properties
    assert properties["StageName"] == "v1"
    assert properties["TracingEnabled"] is True
    assert "AccessLogSetting" in properties
    (settings,) = properties["MethodSettings"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] >= settings["ThrottlingRateLimit"]
    assert settings["DataTraceEnabled"] is False, "bodies must not be logged"


EXPECTED = {
    "UNAUTHORIZED": (401, "UNAUTHORIZED"),
    "ACCESS_DENIED": (403, "FORBIDDEN"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "RESOURCE_NOT_FOUND"),
    "RESOURCE_NOT_FOUND": (404, "RESOURCE_NOT_FOUND"),
    "DEFAULT_4XX": (404, "RESOURCE_NOT_FOUND"),
    "BAD_REQUEST_BODY": (400, "INVALID_REQUEST"),
    "THROTTLED": (429, "TOO_MANY_REQUESTS"),
    "REQUEST_TOO_LARGE": (413, "PAYLOAD_TOO_LARGE"),
    "INTEGRATION_TIMEOUT": (503, "SERVICE_UNAVAILABLE"),
    "INTEGRATION_FAILURE": (500, "INTERNAL_ERROR"),
    "AUTHORIZER_FAILURE": (500, "INTERNAL_ERROR"),
    "DEFAULT_5XX": (500, "INTERNAL_ERROR"),
}
#: Response types of API Gateway (developer guide, "Gateway response types").
KINDS = EXPECTED.keys() | {
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "BAD_REQUEST_PARAMETERS",
    "EXPIRED_TOKEN",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "QUOTA_EXCEEDED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
}


def _gateway_responses(assembly: Assembly) -> dict[str, dict[str, Any]]:
    rows = assembly.stack("service").of("AWS::ApiGateway::GatewayResponse")
    return {row.properties["ResponseType"]: dict(row.properties) for row in rows}


def _rendered(template: str) -> dict[str, Any]:
    """The body with API Gateway's variables put in; messageString comes quoted, the others as they are."""
    quoted = template.replace("$context.error.messageString", '"why"')
    return json.loads(re.sub(r"\$context\.\w+", "value", quoted))["error"]


def test_every_answer_of_the_gateway_has_the_specs_shape(stage: Assembly) -> None:
    responses = _gateway_responses(stage)
    assert responses.keys() == KINDS
    for kind, response in responses.items():
        error = _rendered(response["ResponseTemplates"]["application/json"])
        assert error.keys() <= {"code", "message", "details"}, kind
        assert isinstance(error["code"], str), kind
        assert isinstance(error["message"], str), kind


def test_every_answer_of_the_gateway_names_the_request_and_its_correlation(stage: Assembly) -> None:
    for kind, response in _gateway_responses(stage).items():
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.X-Request-Id"] == "context.requestId", kind
        asked = headers["gatewayresponse.header.X-Correlation-Id"]
        assert asked == "method.request.header.X-Correlation-Id", kind


@pytest.mark.parametrize(("kind", "expected"), EXPECTED.items())
def test_status_and_code(dev: Assembly, kind: str, expected: tuple[int, str]) -> None:
    response = _gateway_responses(dev)[kind]
    error = _rendered(response["ResponseTemplates"]["application/json"])
    assert (int(response["StatusCode"]), error["code"]) == expected


def test_unauthorized_is_the_specs_sentence(dev: Assembly) -> None:
    error = _rendered(_gateway_responses(dev)["UNAUTHORIZED"]["ResponseTemplates"]["application/json"])
    assert error == {"code": "UNAUTHORIZED", "message": "Invalid or expired authentication token"}


@pytest.mark.parametrize("kind", ["THROTTLED", "QUOTA_EXCEEDED", "INTEGRATION_TIMEOUT"])
def test_who_may_come_again_is_told_when(dev: Assembly, kind: str) -> None:
    response = _gateway_responses(dev)[kind]
    error = _rendered(response["ResponseTemplates"]["application/json"])
    header = response["ResponseParameters"]["gatewayresponse.header.Retry-After"]
    assert header == f"'{error['details']['retry_after_seconds']}'"


def test_internal_errors_can_be_traced(dev: Assembly) -> None:
    template = _gateway_responses(dev)["DEFAULT_5XX"]["ResponseTemplates"]["application/json"]
    assert json.loads(template)["error"]["details"]["correlation_id"] == "$context.requestId"
