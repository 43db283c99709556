"""From the body of a creation to what the use case takes; single creations and batches alike."""

from orchestrator.api.schemas.instances import CreateInstance, Retry
from orchestrator.domain.instance import Configuration
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.services.instances.instances import NewInstance


def new_instance(body: CreateInstance) -> NewInstance:
    """What a body asks for."""
    configuration = body.configuration
    return NewInstance(
        definition_id=body.workflow_definition_id,
        name=body.instance_name,
        input_variables=body.input_variables,
        context=body.execution_context.model_dump(exclude_none=True),
        configuration=Configuration(
            auto_start=configuration.auto_start,
            parallel_execution=configuration.parallel_execution,
            retry_policy=_retry_policy(configuration.retry_policy),
        ),
        priority=Priority(body.priority) if body.priority else None,
        business_key=body.business_key,
    )


def _retry_policy(retry: Retry | None) -> RetryPolicy | None:
    if retry is None:
        return None
    return RetryPolicy(max_retries=retry.max_retries, backoff_strategy=BackoffStrategy(retry.backoff_strategy))
