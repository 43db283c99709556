"""What the states of one branch share: its variables, its context object and its place in the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.step_functions.clock import Clock, iso
from infra.local.step_functions.failures import DATA_LIMIT, ErrorName, StateFailure
from infra.local.step_functions.history import Trail, text
from infra.local.step_functions.integrations import Integrations
from infra.local.step_functions.jsonata import Scope, evaluate
from infra.local.step_functions.tokens import TaskTokens

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """What all executions share."""

    clock: Clock
    tokens: TaskTokens
    integrations: Integrations


@dataclass(slots=True)
class Frame:
    """The environment of one branch: the root of an execution, a Parallel branch or a Map iteration."""

    services: Services
    execution_arn: str
    context: Json
    trail: Trail
    variables: Json = field(default_factory=dict[str, Any])

    def fork(self, **context: Any) -> "Frame":
        """A branch's own frame: it reads the variables of this one and assigns only its own."""
        return Frame(
            self.services,
            self.execution_arn,
            {**self.context, **context},
            self.trail.fork(),
            dict(self.variables),
        )

    def enter(self, name: str) -> None:
        """The context object's `State` for the state that is entered now."""
        entered = iso(self.services.clock.now())
        self.context["State"] = {"EnteredTime": entered, "Name": name, "RetryCount": 0}

    def count_retry(self) -> None:
        """One more retry of the current state."""
        self.context["State"] = {**self.context["State"], "RetryCount": self.context["State"]["RetryCount"] + 1}

    def scope(self, data: Any, *, context: Mapping[str, Any] | None = None, **more: Any) -> Scope:
        """What the state's expressions see; `more` is `result` or `errorOutput`."""
        return Scope({"input": data, "context": {**self.context, **(context or {})}, **more}, self.variables)

    def assign(self, template: Json | None, scope: Scope) -> None:
        """Evaluate every right-hand side in the scope, then set the variables.

        Raises:
            StateFailure: States.DataLimitExceeded when the values are larger than 256 KiB together.
        """
        if not template:
            return
        values = evaluate(template, scope)
        if len(text(values).encode()) > DATA_LIMIT:
            raise StateFailure(ErrorName.DATA_LIMIT_EXCEEDED, "Assign exceeds the limit of 256 KiB.")
        self.variables = {**self.variables, **values}
