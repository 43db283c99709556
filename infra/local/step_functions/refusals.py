"""Requests that the Step Functions API refuses: the error codes of the service model."""


class StepFunctionsError(Exception):
    """The API's answer to a request that it refuses; `code` is the AWS error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def validation(message: str) -> StepFunctionsError:
    """A parameter breaks a constraint of the service model."""
    return StepFunctionsError("ValidationException", message)


def invalid_definition(problem: str) -> StepFunctionsError:
    """A state machine that breaks the Amazon States Language."""
    return StepFunctionsError(
        "InvalidDefinition", f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {problem}'"
    )
