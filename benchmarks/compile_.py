"""Compile time: each real model against SpiffWorkflow's parse of the same process, and growth to 10,000 nodes.

Ours is everything from XML to the verified state machine with its catalogue. SpiffWorkflow's is what it needs before
it can run the same process: XML to the specs of the process and of its sub-processes, by its parser for the file's
dialect, without XSD validation. Both are warm; the least CPU time of several runs counts, so that other load does not.
"""

import io
import math
import statistics
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from orchestrator.compiler.expressions.parse import parse
from orchestrator.compiler.pipeline import compile_process

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "bpmn" / "files"
SIZES = (100, 300, 500, 1_000, 3_000, 10_000)
SIDE_BY_SIDE_FROM = 500
REPEAT = 5
DEEP_STACK, DEEP_RECURSION = 512 * 1024 * 1024, 200_000
PARSERS: dict[str, Any] = {"camunda": CamundaParser, "spiffworkflow": SpiffBpmnParser}  # untyped


def measure() -> list[dict[str, Any]]:
    """One row per generated size, how time grows with the size, and one for the median over the real files."""
    generated = [_generated(size) for size in SIZES]
    compared = [row for path in sorted(CORPUS.glob("*")) if (row := _real(path)) is not None]
    return [*generated, _growth(generated), *([_median(compared)] if compared else [])]


def _generated(size: int) -> dict[str, Any]:
    xml = ladder(size).encode()
    ours = _least(lambda: _compile(xml))
    theirs = _spiff(xml, "p", "omg") if size >= SIDE_BY_SIDE_FROM else None
    return _row(f"generated {size}", size, ours, theirs) | {"peak_mb": _peak(xml)}


def _real(path: Path) -> dict[str, Any] | None:
    """Both tools on one file; None where one of them cannot take it."""
    content = path.read_bytes()
    compilation = compile_process(content)
    process, catalogue = compilation.process, compilation.catalogue
    if process is None or catalogue is None:
        return None
    theirs = _spiff(content, process.id, process.dialect)
    return (
        None if theirs is None else _row(path.name, len(catalogue.elements), _least(lambda: _compile(content)), theirs)
    )


def _row(model: str, nodes: float, ours: float, theirs: float | None) -> dict[str, Any]:
    ratio = None if theirs is None else ours / theirs
    return {"model": model, "nodes": nodes, "ours_ms": ours, "spiff_parse_ms": theirs, "ratio": ratio}


def _median(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each column by itself: that of the ratios is the one to look at."""
    columns = ("nodes", "ours_ms", "spiff_parse_ms", "ratio")
    medians = {column: statistics.median(row[column] for row in rows) for column in columns}
    return {"model": f"median of {len(rows)} real files", **medians}


def _growth(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The exponent by which time grows with nodes between the middle size and the largest: 1 is linear."""
    first, last = rows[len(rows) // 2], rows[-1]
    exponent = math.log(last["ours_ms"] / first["ours_ms"]) / math.log(last["nodes"] / first["nodes"])
    return {"model": f"growth from {first['nodes']} to {last['nodes']} nodes: exponent {exponent:.2f}"}


def _peak(content: bytes) -> float:
    """The most memory that Python holds while compiling, in megabytes; libxml's tree is not counted."""
    tracemalloc.start()
    try:
        _compile(content)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _compile(source: str | bytes) -> None:
    """Compile as if for the first time: nothing remembered of the expressions."""
    parse.cache_clear()
    compile_process(source)


def _least(action: Callable[[], object]) -> float:
    """The least CPU time of this thread for a call, in milliseconds, after one call that is not counted."""
    action()
    times: list[float] = []
    for _ in range(REPEAT):
        begin = time.thread_time()
        action()
        times.append(time.thread_time() - begin)
    return min(times) * 1000


def _spiff(content: bytes, process_id: str, dialect: str) -> float | None:
    """Milliseconds that SpiffWorkflow needs to read the process into its specs; None: it cannot.

    It recurses from node to node, so it gets a deep stack of its own.
    """
    threading.stack_size(DEEP_STACK)
    with ThreadPoolExecutor(1) as pool:
        parsed = pool.submit(lambda: _least(lambda: _spiff_parse(content, process_id, dialect)))
        try:
            return parsed.result()
        except Exception:  # noqa: BLE001 - whatever it says, there is nothing to compare with
            return None
        finally:
            threading.stack_size(0)


def _spiff_parse(content: bytes, process_id: str, dialect: str) -> None:
    sys.setrecursionlimit(DEEP_RECURSION)
    parser: Any = PARSERS.get(dialect, BpmnParser)()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(content)))
    parser.get_spec(process_id)
    parser.get_subprocess_specs(process_id, require_call_activity_specs=False)


def ladder(size: int) -> str:
    """A model of about `size` flow nodes: task, decision, two tasks, merge, repeated; every tenth is parallel."""
    return "".join(_ladder(size))


def _ladder(size: int) -> Iterator[str]:
    yield '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    yield '<process id="p" isExecutable="true"><startEvent id="s"/>'
    previous, flow = "s", 0
    for block in range(max(1, (size - 2) // 5)):
        kind = "parallelGateway" if block % 10 == 0 else "exclusiveGateway"
        yield f'<userTask id="t{block}" name="Task {block}"/><{kind} id="g{block}"/>'
        yield f'<userTask id="a{block}" name="A {block}"/><userTask id="b{block}" name="B {block}"/>'
        yield f'<{kind} id="m{block}"/>'
        condition = (
            "" if kind == "parallelGateway" else f"<conditionExpression>${{x{block} &gt; 1}}</conditionExpression>"
        )
        other = "" if kind == "parallelGateway" else f"<conditionExpression>${{x{block} &lt;= 1}}</conditionExpression>"
        ends = [(previous, f"t{block}", ""), (f"t{block}", f"g{block}", ""), (f"g{block}", f"a{block}", condition)]
        ends += [(f"g{block}", f"b{block}", other), (f"a{block}", f"m{block}", ""), (f"b{block}", f"m{block}", "")]
        for source, target, inner in ends:
            flow += 1
            yield f'<sequenceFlow id="f{flow}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        previous = f"m{block}"
    yield f'<endEvent id="e"/><sequenceFlow id="f" sourceRef="{previous}" targetRef="e"/></process></definitions>'
