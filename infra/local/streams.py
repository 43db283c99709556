"""DynamoDB streams to Lambda: at least once, in order, honouring what the function says about its batch.

The endpoint's own poller drops records that a function reports as failed, retries a poisonous batch for ever, and
lets a slow function hold up all queues; this one does as Lambda does. Source: Lambda developer guide, "Process
DynamoDB records with Lambda", "Partial batch responses", "Retain discarded records".
"""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from infra.local.emulator import request_scope, service

Json = dict[str, Any]
LOG = logging.getLogger("local.streams")

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_FOREVER = -1


@dataclass(slots=True)
class Attempt:
    """How often the batch at a position has failed, and until when its mapping pauses."""

    position: int
    failures: int = 0
    resume: float = 0.0


class StreamPoller:
    """One batch in flight per mapping, each mapping on a thread of its own."""

    def __init__(self) -> None:
        self._lambda = service("lambda_svc")
        self._table = service("dynamodb")
        self._attempts: dict[str, Attempt] = {}
        self._in_flight: set[str] = set()
        self._lock = threading.Lock()

    def install(self) -> None:
        """Take the place of the endpoint's poller of DynamoDB streams."""
        self._lambda._poll_dynamodb_streams = self.poll

    def poll(self) -> bool:
        """Hand each idle mapping with new records its next batch; whether there was one."""
        found = False
        for account, region, mapping in self._lambda._iter_all_esms():
            if ":dynamodb:" in mapping.get("EventSourceArn", "") and mapping.get("Enabled", True):
                found = self._dispatch(account, region, mapping) or found
        return found

    def _dispatch(self, account: str, region: str, mapping: Json) -> bool:
        identity: str = mapping["UUID"]
        attempt = self._attempts.get(identity)
        if identity in self._in_flight or (attempt is not None and attempt.resume > time.monotonic()):
            return False
        table = mapping["EventSourceArn"].partition("/stream/")[0].rpartition("/")[2]
        position = self._position(account, region, mapping, table)
        records = self._table.stream_records_since(
            table, position, mapping.get("BatchSize", 100), account_id=account, region=region
        )
        if not records:
            return False
        with self._lock:
            self._in_flight.add(identity)
        work = threading.Thread(
            target=self._run, args=(account, region, mapping, position, list(records)), name="stream", daemon=True
        )
        work.start()
        return True

    def _position(self, account: str, region: str, mapping: Json, table: str) -> int:
        scope = {"account_id": account, "region": region}
        positions = self._lambda._dynamodb_stream_positions
        horizon: int = self._table.stream_start_position(table, **scope)
        known: int | None = positions.get_scoped(account, region, mapping["UUID"])
        if known is None:
            latest = mapping.get("StartingPosition") == "LATEST"
            start: int = self._table.stream_end_position(table, **scope) if latest else horizon
            positions.set_scoped(account, region, mapping["UUID"], start)
            return start
        return max(known, horizon)

    def _run(self, account: str, region: str, mapping: Json, position: int, records: list[Json]) -> None:
        identity: str = mapping["UUID"]
        try:
            with request_scope(account, region):
                done = self._process(mapping, position, records)
            self._lambda._dynamodb_stream_positions.set_scoped(account, region, identity, position + done)
        except Exception:
            LOG.exception("stream mapping %s", identity)
            self._failed(identity, position)
        finally:
            with self._lock:
                self._in_flight.discard(identity)
            self._lambda.esm_wake.set()

    def _process(self, mapping: Json, position: int, records: list[Json]) -> int:
        """How many of the records are done with."""
        wanted: list[Json] = self._lambda._apply_filter_criteria(records, mapping)
        if not wanted:
            return len(records)
        function, config, _ = self._lambda._get_func_record_for_ref(mapping["FunctionArn"])
        if function is None:
            self._failed(mapping["UUID"], position)
            return 0
        exec_record = self._lambda._execution_record_for_config(function, config)
        result: Json = self._lambda._execute_function(exec_record, {"Records": wanted})
        failed = first_failure(result, mapping, wanted)
        if failed is None:
            self._attempts.pop(mapping["UUID"], None)
            return len(records)
        done = records.index(failed)
        attempt = self._failed(mapping["UUID"], position + done)
        retries = int(mapping.get("MaximumRetryAttempts", _FOREVER))
        if retries == _FOREVER or attempt.failures <= retries:
            return done
        LOG.warning("%s: gives up on a record after %d attempts", config["FunctionName"], attempt.failures)
        self._lambda._send_ddb_stream_failure_record(
            mapping, exec_record, [failed], mapping["EventSourceArn"], result, "RetryAttemptsExhausted"
        )
        self._attempts.pop(mapping["UUID"], None)
        return done + 1

    def _failed(self, identity: str, position: int) -> Attempt:
        attempt = self._attempts.get(identity)
        if attempt is None or attempt.position != position:
            attempt = self._attempts[identity] = Attempt(position)
        attempt.failures += 1
        attempt.resume = time.monotonic() + min(_FIRST_PAUSE * 2 ** (attempt.failures - 1), _LONGEST_PAUSE)
        return attempt


def first_failure(result: Json, mapping: Json, records: list[Json]) -> Json | None:
    """The first record that is not done: the first of all if the function raised, None if all are done."""
    if result.get("error"):
        return records[0]
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", ()):
        return None
    body = result.get("body")
    answer: Json = json.loads(body) if isinstance(body, str) and body else body or {}
    named = {failure.get("itemIdentifier") for failure in answer.get("batchItemFailures", ())}
    if not named:
        return None
    failed = [record for record in records if record["dynamodb"]["SequenceNumber"] in named]
    return failed[0] if failed else records[0]  # an unknown identifier fails the whole batch


def forget_consumed() -> None:
    """Drop stream records that every mapping has passed: nothing here reads a stream otherwise."""
    table_service, lambda_svc = service("dynamodb"), service("lambda_svc")
    passed: dict[tuple[str, str, str], int] = {}
    for account, region, mapping in lambda_svc._iter_all_esms():
        arn = mapping.get("EventSourceArn", "")
        position = lambda_svc._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"])
        if ":dynamodb:" in arn:
            key = (account, region, arn.partition("/stream/")[0].rpartition("/")[2])
            passed[key] = min(passed.get(key, position or 0), position or 0)
    for key, position in passed.items():
        records = table_service._stream_records._data.get(key)
        trimmed = table_service._stream_trimmed._data.get(key, 0)
        if records and position > trimmed:
            del records[: position - trimmed]
            table_service._stream_trimmed._data[key] = position
