"""ARNs and names of state machines and executions."""

import re
from dataclasses import dataclass

from infra.local.step_functions.refusals import StepFunctionsError

_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")


@dataclass(frozen=True, slots=True)
class Place:
    """The account and region that ARNs are made for."""

    region: str
    account: str

    def machine(self, name: str) -> str:
        """The ARN of a state machine."""
        return f"arn:aws:states:{self.region}:{self.account}:stateMachine:{checked(name)}"

    def execution(self, machine_name: str, name: str) -> str:
        """The ARN of an execution."""
        return f"arn:aws:states:{self.region}:{self.account}:execution:{machine_name}:{checked(name)}"


def checked(name: str) -> str:
    """The name itself; raises StepFunctionsError InvalidName for one that the API refuses."""
    if not _NAME.fullmatch(name):
        raise StepFunctionsError("InvalidName", f"Invalid Name: '{name}'")
    return name
