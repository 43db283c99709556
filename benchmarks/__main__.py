"""Run the benchmarks named (all when none is) and print one table each; raw figures go to .local/bench/<name>.json."""

import importlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks.table import render

BENCHMARKS = ("compile", "imports", "requests", "flow", "batches", "webhooks")
RESULTS = Path(".local") / "bench"


def main(names: list[str]) -> int:
    """Run and print; the exit code is 2 for an unknown name."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name in names or BENCHMARKS:
        rows: list[dict[str, Any]] = importlib.import_module(f"benchmarks.{name}_").measure()
        (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1))
        print(f"\n## {name}\n{render(rows)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
