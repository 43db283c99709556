"""The REST API, row by row from the endpoint catalogue."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from collections.abc import Mapping
from typing import TypeAlias

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import StageConfig
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.gateway_errors import GATEWAY_ERRORS
from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Group

STAGE_NAME = "v1"
_REQUEST_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Correlation-Id"]
_RESPONSE_HEADERS = ["ETag", "Idempotent-Replayed", "Location", "Retry-After", "X-Correlation-Id", "X-Request-Id"]


Entrance: TypeAlias = lambda_.Function | lambda_.Alias


class Api(Construct):
    """API Gateway in front of the group functions; attribute `rest`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        authorizer: Entrance,
        groups: Mapping[Group, Entrance],
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self.rest = self._rest()
        self._authorizer = apigateway.RequestAuthorizer(
            self,
            "Authorizer",
            handler=authorizer,
            identity_sources=[apigateway.IdentitySource.header("Authorization")],
            results_cache_ttl=Duration.seconds(config.identity.cache_seconds),
        )
        integrations = {group: _integration(function) for group, function in groups.items()}
        for endpoint in ENDPOINTS:
            self._route(endpoint, integrations[endpoint.group])
        self._gateway_errors()
        self._acknowledge()

    def _rest(self) -> apigateway.RestApi:
        return apigateway.RestApi(
            self,
            "Rest",
            rest_api_name=self._config.prefix,
            description=f"Task Orchestrator {self._config.name}",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN,
            min_compression_size=Size.kibibytes(1),
            default_cors_preflight_options=self._cors(),
            deploy_options=self._stage(),
        )

    def _stage(self) -> apigateway.StageOptions:
        log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/aws/apigateway/{self._config.prefix}",
            retention=logs.RetentionDays[self._config.log_retention],
            removal_policy=RemovalPolicy.DESTROY,
        )
        return apigateway.StageOptions(
            stage_name=STAGE_NAME,
            access_log_destination=apigateway.LogGroupLogDestination(log),
            access_log_format=_access_log_format(),
            logging_level=apigateway.MethodLoggingLevel.ERROR,
            data_trace_enabled=False,
            metrics_enabled=True,
            tracing_enabled=True,
            throttling_rate_limit=self._config.throttling.rate,
            throttling_burst_limit=self._config.throttling.burst,
        )

    def _cors(self) -> apigateway.CorsOptions | None:
        if not self._config.allowed_origins:
            return None
        return apigateway.CorsOptions(
            allow_origins=list(self._config.allowed_origins),
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_RESPONSE_HEADERS,
            max_age=Duration.hours(1),
        )

    def _route(self, endpoint: Endpoint, integration: apigateway.LambdaIntegration) -> None:
        """One method, HEAD beside GET. Without permission (health) it is open: no authorizer is attached."""
        for verb in _verbs(endpoint):
            self._method(verb, endpoint, integration)

    def _method(self, verb: str, endpoint: Endpoint, integration: apigateway.LambdaIntegration) -> None:
        resource = self.rest.root.resource_for_path(endpoint.path)
        if endpoint.permission is None:
            method = resource.add_method(verb, integration, operation_name=endpoint.summary)
            for rule in ("AwsSolutions-APIG4", "AwsSolutions-COG4"):
                acknowledge(method, rule, "The spec's health check answers without a token, with nothing worth hiding")
            return
        method = resource.add_method(
            verb,
            integration,
            authorizer=self._authorizer,
            authorization_type=apigateway.AuthorizationType.CUSTOM,
            operation_name=endpoint.summary,
        )
        acknowledge(method, "AwsSolutions-COG4", "The Lambda authorizer verifies tokens of any issuer")

    def _gateway_errors(self) -> None:
        for error in GATEWAY_ERRORS:
            self.rest.add_gateway_response(
                f"Error{error.name}",
                type=error.kind,
                status_code=str(error.status),
                templates={"application/json": error.template},
                response_headers={**error.headers, **self._cors_headers()},
            )

    def _cors_headers(self) -> dict[str, str]:
        """A static answer cannot choose among origins; as no cookie is ever read, any may see the error."""
        if not self._config.allowed_origins:
            return {}
        exposed = ",".join(_RESPONSE_HEADERS)
        return {"Access-Control-Allow-Origin": "'*'", "Access-Control-Expose-Headers": f"'{exposed}'"}

    def _acknowledge(self) -> None:
        accept_rest = "The functions validate, with the spec's error body naming field and reason"
        acknowledge(self.rest, "AwsSolutions-APIG2", accept_rest)
        accept_stage = "A web ACL is the account's choice: docs/deploy.md says how to attach one"
        acknowledge(self.rest.deployment_stage, "AwsSolutions-APIG3", accept_stage)
        acknowledge(
            self.rest.node.find_child("CloudWatchRole"),
            "AwsSolutions-IAM4",
            "API Gateway's account role takes this policy and no other",
            applies_to=[
                "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
            ],
        )


def _verbs(endpoint: Endpoint) -> tuple[str, ...]:
    return ("GET", "HEAD") if endpoint.method == "GET" else (endpoint.method,)


def _integration(function: Entrance) -> apigateway.LambdaIntegration:
    """Proxy integration; one permission for the whole API instead of two per method."""
    return apigateway.LambdaIntegration(function, scope_permission_to_method=False)


def _access_log_format() -> apigateway.AccessLogFormat:
    return apigateway.AccessLogFormat.json_with_standard_fields(
        caller=False,
        http_method=True,
        ip=True,
        protocol=True,
        request_time=True,
        resource_path=True,
        response_length=True,
        status=True,
        user=False,
    )
