"""The claim check: large values travel through machines as references to the payload bucket.

Step Functions carries 256 KiB from state to state. A value above `LARGE` that no expression of the process reads is
stored once under the hash of its content, and `{"$claim": <key>, "bytes": <size>}` goes in its place. Machines copy
references like any other value, and the record keeps what machines report; whoever shows values redeems them.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, cast

from orchestrator.compiler.catalogue import Catalogue
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task
from orchestrator.ports.engine import PayloadStore

#: bytes of JSON text above which a value is stored
LARGE: Final = 4096
#: bytes above which a reference is shorter than the value, where every byte counts
_WORTH_IT: Final = 256
_CLAIM: Final = "$claim"
_KEY: Final = re.compile(r"claims/[A-Za-z0-9-]+/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Claims:
    """Stores and redeems; `catalogue` is that of an instance's definition, read only when something is large."""

    store: PayloadStore
    catalogue: Callable[[str], Catalogue]

    def token(self, token: JsonObject) -> JsonObject:
        """What an execution starts with."""
        if not _is_large(token):
            return token
        return {**token, "variables": self._members(token["instance_id"], token["variables"])}

    def answer(self, task: Task, output: JsonObject) -> JsonObject:
        """What a task's token is answered; payloads of messages and signals go as they are."""
        if task.fired_by is not None or not _is_large(output):
            return output
        owner, result = task.instance_id, output["result"]
        if "changes" in result and not task.is_work:  # of a group of side threads
            return {**output, "result": {**result, "changes": self._members(owner, result["changes"])}}
        catalogue = self.catalogue(owner)
        element = catalogue.elements.get(task.element_id)
        variable = element.result_variable if element else None
        if variable is None:
            return {**output, "result": self._members(owner, result)}
        return output if variable in catalogue.routing_variables else {**output, "result": self._stored(owner, result)}

    def cause(self, task: Task, cause: JsonObject) -> JsonObject:
        """The cause of an error with as little as possible in it, of one that would be too long for the engine."""
        return {**cause, "variables": self._members(task.instance_id, cause["variables"], above=_WORTH_IT)}

    def redeem(self, values: JsonObject) -> JsonObject:
        """The same with the values behind all references."""
        return {name: self._redeemed(value) for name, value in values.items()}

    def _members(self, owner: str, values: JsonObject, *, above: int = LARGE) -> JsonObject:
        large = {name for name, value in values.items() if _is_large(value, above)}
        kept = self.catalogue(owner).routing_variables if large else ()
        stored = large.difference(kept)
        return {name: self._stored(owner, value) if name in stored else value for name, value in values.items()}

    def _stored(self, owner: str, value: object) -> JsonObject:
        text = _text(value)
        key = f"claims/{owner}/{sha256(text.encode()).hexdigest()}"
        self.store.put(key, text)
        return {_CLAIM: key, "bytes": len(text.encode())}

    def _redeemed(self, value: object) -> object:
        if isinstance(value, list):
            return [self._redeemed(item) for item in cast("list[object]", value)]
        if not isinstance(value, dict):
            return value
        members = cast("dict[str, Any]", value)
        key = members.get(_CLAIM)
        if isinstance(key, str) and _KEY.fullmatch(key) and (text := self.store.find(key)) is not None:
            return json.loads(text)
        return self.redeem(members)


def _is_large(value: object, above: int = LARGE) -> bool:
    return len(_text(value).encode()) > above


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
