"""Definitions: their service, and with it the compiler."""

from functools import cache

from orchestrator.adapters.dynamodb.called import DynamoDBCalledDefinitions
from orchestrator.adapters.dynamodb.directory import DynamoDBDirectory
from orchestrator.adapters.stepfunctions import StepFunctions
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import stores
from orchestrator.bootstrap.aws import client, engine_settings, table
from orchestrator.services.definitions.definitions import DefinitionService
from orchestrator.services.definitions.modelled_texts import value_of


@cache
def _publishing_engine() -> StepFunctions:
    settings = engine_settings()
    return StepFunctions(
        client=client("stepfunctions"),
        role_arn=settings.state_machine_role_arn,
        dispatcher_arn=settings.task_dispatch_function_arn,
    )


@cache
def definition_service() -> DefinitionService:
    """Use cases of definitions. The compiler is loaded here, and only here."""
    from orchestrator.compiler.pipeline import compile_process  # noqa: PLC0415 - lxml and lark are slow to import

    return DefinitionService(
        store=stores.definitions(),
        directory=DynamoDBDirectory(table()),
        called=DynamoDBCalledDefinitions(table()),
        engine=_publishing_engine(),
        compiler=compile_process,
        expressions=value_of,
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        state_machine_prefix=engine_settings().state_machine_prefix,
        usd_per_million=engine_settings().usd_per_million_transitions,
        timer_scale=engine_settings().wait_scale,
    )
