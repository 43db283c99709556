"""Runs the Lambda functions that the AWS endpoint knows, in place of its own executor.

The endpoint's workers inherit the whole environment, lose the names of exceptions, unpack code and layers for each
process and wait 50 ms for log lines after each call; these do not.
"""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import re
from typing import Any, Final

from infra.local.emulator import service
from infra.local.functions.packages import Packages
from infra.local.functions.pool import Pool
from infra.local.functions.worker import Program
from infra.local.settings import LocalSettings, clean_environment
from infra.local.step_functions import FunctionError

Json = dict[str, Any]
#: what the template makes of the API's `url`
_API_URL: Final = re.compile(r"https://[\w-]+\.execute-api\.[\w.-]+/\w+/?")


class Executor:
    """Invocations from every source pass through `execute`; `close` ends the functions' processes."""

    def __init__(self, settings: LocalSettings) -> None:
        self._packages = Packages(settings.scratch / "functions")
        self._environment = tuple(clean_environment(settings).items())
        self._api_url = settings.api_url
        self._pool = Pool()

    def install(self) -> None:
        """Take the place of the endpoint's executor for Python functions, and of its log store."""
        lambda_svc = service("lambda_svc")
        lambda_svc._execute_function_warm = self.execute  # the one seam under all invocations
        lambda_svc._emit_lambda_logs = _keep_no_logs  # functions log to the terminal

    def execute(self, function: Json, event: Any, request_id: str) -> Json:
        """The answer in the endpoint's own form: `body`, and `error` where the function raised."""
        program = self._program(function)
        trace_id = service("lambda_svc")._xray_trace_id_for_invocation(function["config"])
        with self._pool.lease(program) as worker:
            answer = worker.invoke(event, request_id=request_id, trace_id=trace_id)
        if "error" in answer:
            return {"body": answer["error"], "error": True, "log": ""}
        return {"body": answer["result"], "log": ""}

    def _program(self, function: Json) -> Program:
        config: Json = function.get("config") or function
        variables: dict[str, str] = config.get("Environment", {}).get("Variables", {})
        archives = [service("lambda_svc")._resolve_layer_zip(layer) for layer in config.get("Layers", [])]
        return Program(
            name=config["FunctionName"],
            arn=config["FunctionArn"],
            version=config.get("Version", "$LATEST"),
            handler=config["Handler"],
            memory=int(config.get("MemorySize", 128)),
            timeout=float(config.get("Timeout", 3)),
            code=self._packages.unpacked(function["code_zip"]),
            layers=tuple(self._packages.unpacked(archive) for archive in archives if archive),
            sdk=self._packages.sdk,
            variables=tuple(sorted((name, self._reachable(value)) for name, value in variables.items())),
            environment=self._environment,
        )

    def _reachable(self, value: str) -> str:
        """A variable's value; the URL of the template's API is where our gateway serves it."""
        return _API_URL.sub(self._api_url, value)

    def close(self) -> None:
        """End the functions' processes."""
        self._pool.close()


def _keep_no_logs(*_: object, **__: object) -> None:
    """Log groups would only grow: nothing reads them here."""


class LocalFunctions:
    """The deployed functions, as Step Functions calls them."""

    def invoke(self, function: str, payload: Any) -> Any:
        """Run the function named by ARN or name; raises FunctionError or LookupError."""
        lambda_svc = service("lambda_svc")
        record, config, _ = lambda_svc._get_func_record_for_ref(function)
        if record is None or config is None:
            raise LookupError(function)
        found = lambda_svc._execution_record_for_config(record, config)
        answer = lambda_svc._execute_function_with_config_scope(found, payload)
        body = answer.get("body")
        if answer.get("throttle"):
            raise FunctionError("Lambda.TooManyRequestsException", {"errorMessage": "Rate exceeded"})
        if answer.get("error"):
            raise FunctionError(body.get("errorType") or "Lambda.Unknown", body)
        return body
