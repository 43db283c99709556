"""How many processes of functions begin at a time."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.functions.pool import Pool
from infra.local.functions.worker import Program

SLOW = """
import time

BEGUN = time.monotonic()
time.sleep(0.2)
READY = time.monotonic()


def handler(event, context):
    time.sleep(1)
    return [BEGUN, READY]
"""
CALLERS = 4 * (os.cpu_count() or 1)


def program(code: Path, name: str) -> Program:
    return Program(
        name=name,
        arn=f"arn:aws:lambda:us-east-1:000000000000:function:{name}",
        version="1",
        handler="slow.handler",
        memory=128,
        timeout=30,
        code=code,
        layers=(),
        sdk=code,
    )


def test_no_more_processes_start_at_a_time_than_there_are_cores(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    pool = Pool()

    def call(number: int) -> tuple[float, float]:
        with pool.lease(program(tmp_path, f"function-{number}")) as worker:
            begun, ready = worker.invoke({}, request_id=str(number), trace_id=None)["result"]
            return begun, ready

    try:
        with ThreadPoolExecutor(CALLERS) as callers:
            starts = list(callers.map(call, range(CALLERS)))
    finally:
        pool.close()
    together = [sum(begun < moment < ready for begun, ready in starts) for moment, _ in starts]
    assert max(together) < (os.cpu_count() or 1)
    assert len(set(starts)) == CALLERS, "each in a process of its own"
