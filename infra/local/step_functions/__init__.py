"""An interpreter of the Amazon States Language for JSONata state machines, behind the Step Functions API.

One event loop runs every execution as a coroutine: a waiting execution is a future, not a thread.
`StepFunctions` (service.py) is the entry point; `in_process.connect` lets a boto3 client speak to it without a network.
"""

from infra.local.step_functions.clock import Clock
from infra.local.step_functions.integrations import FunctionError, Functions, Integrations
from infra.local.step_functions.service import StepFunctions, StepFunctionsError

__all__ = ["Clock", "FunctionError", "Functions", "Integrations", "StepFunctions", "StepFunctionsError"]
