"""The documented examples of the spec: requests as given, answers to compare with.

`python -m tests.api.examples <spec.md>` rewrites examples.json from the spec's text.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("examples.json")
_SECTION = re.compile(r"^#### (\w+) `([^`]+)`$", re.MULTILINE)
_URL = re.compile(r'curl -X \w+ "http://localhost:3017([^"]+)"')
_SENT = re.compile(r"-d '(.*?)'\n```", re.DOTALL)
_BODY = re.compile(r"\*\*Request Body\*\*:\n```json\n(.*?)\n```", re.DOTALL)
_ANSWER = re.compile(r"\*\*Example Response\*\*:\n```json\n(.*?)\n```", re.DOTALL)


def read(spec: str) -> Iterator[dict[str, Any]]:
    """Each documented endpoint: url of the example, request bodies (reference and curl), answer."""
    sections = list(_SECTION.finditer(spec))
    ends = [*(match.start() for match in sections[1:]), len(spec)]
    for section, end in zip(sections, ends, strict=True):
        text = spec[section.end() : end]
        bodies = [json.loads(match[1]) for pattern in (_BODY, _SENT) if (match := pattern.search(text))]
        yield {
            "method": section[1],
            "path": section[2],
            "url": _URL.search(text)[1],
            "bodies": bodies,
            "answer": json.loads(_ANSWER.search(text)[1]),
        }


def stored() -> dict[tuple[str, str], dict[str, Any]]:
    """The examples by method and path."""
    return {(example["method"], example["path"]): example for example in json.loads(STORED.read_text())}


if __name__ == "__main__":
    STORED.write_text(json.dumps(list(read(Path(sys.argv[1]).read_text())), indent=1, ensure_ascii=False) + "\n")
