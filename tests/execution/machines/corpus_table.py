"""`make coverage`: what becomes of every real file, as a page of docs/.

Each process is compiled, its machine checked by two validators, and run on the local interpreter: activities are
completed without data, waits get the first thing that they wait for, timers pass quickly.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.node import bin_directory
from orchestrator.compiler.catalogue import CatalogueElement
from orchestrator.compiler.pipeline import Compilation, compile_process
from tests.execution.machines.runtime import Answer, Completed, Happened, Json, Machines, Open, Perform, machines

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "bpmn"
PAGE = ROOT / "docs" / "corpus-coverage.md"
SECONDS = 3.0
ROUNDS = 200
WAITS = {"intermediateCatchEvent", "receiveTask", "eventBasedGateway"}


@dataclass(frozen=True)
class Outcome:
    """What became of one process: `kind` for the totals, `words` for the row."""

    kind: str
    words: str


def perform(rounds: Counter[str], elements: Mapping[str, CatalogueElement]) -> Perform:
    """Complete what comes; a loop that nothing leads out of stops after a while."""

    def answer(event: Json) -> Answer:
        rounds[event["operation"]] += 1
        if event["operation"] == "incident" or rounds["activate"] > ROUNDS:
            return Open()
        if elements[event["element_id"]].type in WAITS and event.get("subscriptions"):
            return Happened(event["subscriptions"][0]["element_id"])
        return Completed()

    return answer


def refused(compiled: Compilation) -> Outcome:
    codes = sorted({str(found.code) for found in compiled.diagnostics if found.severity == "error"})
    return Outcome("refused", ", ".join(codes))


def ran(engine: Machines, compiled: Compilation) -> Outcome:
    assert compiled.definition is not None
    assert compiled.catalogue is not None
    rounds: Counter[str] = Counter()
    run = engine.run(
        compiled.definition,
        perform(rounds, compiled.catalogue.elements),
        seconds=SECONDS,
        compensables=compiled.catalogue.compensables,
    )
    done, whole = len(set(run.done)), len(compiled.catalogue.elements)
    if run.status == "SUCCEEDED":
        return Outcome("completes", f"completes: {done} of {whole} flow nodes")
    # a machine that was left with an incident may still ask while the next one runs
    for call in (one for one in run.of("incident") if one["element_id"] in compiled.catalogue.elements):
        return Outcome("needs data", f"incident {call['code']} at `{call['element_id']}`: it needs data")
    if run.of("fail"):
        return Outcome("completes", f"ends with the modelled error {run.of('fail')[0]['code']}: {done} of {whole}")
    open_ones = [call["element_id"] for call in run.of("activate")][-1:]
    if rounds["activate"] > ROUNDS:
        return Outcome("needs data", f"goes round by `{open_ones[0]}` for ever: it needs data")
    return Outcome("stuck" if run.status == "STUCK" else "fails", f"{run.status}: {run.error or open_ones}")


def complaints(compiled: dict[str, Compilation]) -> dict[str, list[str]]:
    """What two validators have to say of the machines."""
    command = [str(bin_directory() / "node"), str(ROOT / "tests" / "node" / "validate-asl.mjs")]
    text = json.dumps({name: one.machine for name, one in compiled.items() if one.machine is not None})
    return json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)


def compilations() -> Iterator[tuple[str, Compilation]]:
    """Every process of every file; one that stands alone is named by its file."""
    for entry in json.loads((CORPUS / "manifest.json").read_text()):
        name = f"{entry['id']} {Path(entry['path']).name}"
        compiled = compile_process((CORPUS / entry["file"]).read_bytes())
        yield f"{name} ({entry['repo']})", compiled


def page() -> str:
    compiled = dict(compilations())
    said = complaints(compiled)
    rows, totals = list[str](), Counter[str]()
    with machines() as engine:
        for name, one in compiled.items():
            outcome = refused(one) if one.machine is None else ran(engine, one)
            if said.get(name):
                outcome = Outcome("invalid", f"a validator refuses it: {said[name][0]}")
            totals[outcome.kind] += 1
            rows.append(f"| {name} | {outcome.words} |")
    counted = ", ".join(f"{number} {kind}" for kind, number in totals.most_common())
    return (
        "# What becomes of real files\n\n"
        "Written by `make coverage` from the files beside the checkout (`../shared/bpmn`). Each machine passed two "
        "validators and was run without data: what decides by data that nobody gave is an incident, as it would be "
        "in production.\n\n"
        f"{sum(totals.values())} files: {counted}.\n\n| file | result |\n|---|---|\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page())
    print(PAGE.relative_to(ROOT))
