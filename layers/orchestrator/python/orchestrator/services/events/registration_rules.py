"""What a webhook may ask for: where it points, how often it is tried, whose events it is told."""

from dataclasses import dataclass

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Forbidden, InvalidRequest
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.webhooks.target import FIELD, ForbiddenTarget, TargetRules
from orchestrator.domain.webhooks.webhook import MOST_RETRIES, Filters
from orchestrator.ports.events import Resolver


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCheck:
    """Checks where a URL points; it is checked again before every connection."""

    resolver: Resolver
    targets: TargetRules

    def check(self, url: str, *, field: str = FIELD) -> None:
        """Refuse what may not be called; a name that does not resolve now may do so later.

        Raises:
            InvalidRequest: the URL is none, or points where it may not.
        """
        try:
            target = self.targets.parse(url)
            self.targets.check(target, self.resolver.addresses(target.host, target.port))
        except InvalidRequest as error:
            raise InvalidRequest(field, error.reason) from None
        except ForbiddenTarget as error:
            raise InvalidRequest(field, str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRules:
    """Checks registrations and updates; None is what is not given."""

    resolver: Resolver
    targets: TargetRules

    def check(self, caller: Caller, *, url: str | None, filters: Filters | None, policy: RetryPolicy | None) -> None:
        """Refuse what may not be.

        Raises:
            InvalidRequest: the retry policy is out of bounds, or the URL is none, or points where it may not.
            Forbidden: a filter names a project that the caller is not in.
        """
        if policy is not None and not 0 <= policy.max_retries <= MOST_RETRIES:
            raise InvalidRequest("retry_policy.max_retries", f"must be between 0 and {MOST_RETRIES}")
        for project in filters.project_ids if filters else ():
            if not caller.sees(project):
                raise Forbidden(f"project:{project}", message="Insufficient permissions to see this project's events")
        if url is not None:
            TargetCheck(resolver=self.resolver, targets=self.targets).check(url)
