"""Compile time: each real model against SpiffWorkflow's parse of the same file, and growth from 100 to 10,000 nodes."""

import io
import statistics
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from benchmarks.table import milliseconds
from orchestrator.compiler.expressions.parse import parse
from orchestrator.compiler.pipeline import compile_process

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "bpmn" / "files"
SIZES = (100, 300, 1_000, 3_000, 10_000)
SIDE_BY_SIDE_FROM = 500
DEEP_STACK, DEEP_RECURSION = 512 * 1024 * 1024, 200_000


def measure() -> list[dict[str, Any]]:
    """One row per generated size and one for the median over the real files."""
    rows = [_generated(size) for size in SIZES]
    compared = [row for path in sorted(CORPUS.glob("*")) if (row := _real(path)) is not None]
    if compared:
        rows.append(
            {
                "model": f"median of {len(compared)} real files",
                "nodes": statistics.median(row["nodes"] for row in compared),
                "ours_ms": statistics.median(row["ours_ms"] for row in compared),
                "spiff_parse_ms": statistics.median(row["spiff_parse_ms"] for row in compared),
            }
        )
    return rows


def _generated(size: int) -> dict[str, Any]:
    xml = ladder(size)
    ours = statistics.median(milliseconds(lambda: _compile(xml), repeat=3))
    theirs = _spiff(xml.encode()) if size >= SIDE_BY_SIDE_FROM else None
    return {"model": f"generated {size}", "nodes": size, "ours_ms": ours, "spiff_parse_ms": theirs}


def _real(path: Path) -> dict[str, Any] | None:
    """Both tools on one file; None where one of them cannot take it."""
    content = path.read_bytes()
    compilation = compile_process(content)
    spiff = _spiff(content, repeat=5) if compilation.catalogue is not None else None
    if compilation.catalogue is None or spiff is None:
        return None
    ours = statistics.median(milliseconds(lambda: _compile(content), repeat=5))
    return {"nodes": len(compilation.catalogue.elements), "ours_ms": ours, "spiff_parse_ms": spiff}


def _compile(source: str | bytes) -> None:
    """Compile as if for the first time: nothing remembered of the expressions."""
    parse.cache_clear()
    compile_process(source)


def _spiff(content: bytes, *, repeat: int = 3) -> float | None:
    """Milliseconds that SpiffWorkflow needs to parse the file into its specs (nothing is executed); None: it cannot.

    It recurses from node to node, so it gets a deep stack of its own.
    """
    threading.stack_size(DEEP_STACK)
    with ThreadPoolExecutor(1) as pool:
        parsed = pool.submit(lambda: statistics.median(milliseconds(lambda: _spiff_parse(content), repeat=repeat)))
        try:
            return parsed.result()
        except Exception:  # noqa: BLE001 - whatever it says, there is nothing to compare with
            return None
        finally:
            threading.stack_size(0)


def _spiff_parse(content: bytes) -> None:
    sys.setrecursionlimit(DEEP_RECURSION)
    parser: Any = BpmnParser()  # untyped
    parser.add_bpmn_xml(etree.parse(io.BytesIO(content)))
    for process_id in parser.get_process_ids():
        parser.get_spec(process_id)


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
