"""When the state is saved: every second if something changed, and at the end."""

import asyncio
import logging
import re

from infra.local.state import State
from infra.local.store import Store
from infra.local.streams import forget_consumed

LOG = logging.getLogger("local.saver")
_SECONDS = 1.0
#: operations that change no resource but data, which every save looks at
_DATA = re.compile(
    r"(DynamoDB_|DynamoDBStreams_|AmazonSQS|AWSEvents\.Put|AWSStepFunctions|secretsmanager\.Get|AmazonSSM\.Get"
    r"|Logs_|GraniteServiceVersion|TrentService)|^(GET|HEAD) |/invocations$|^PUT /[^/]+/.+"
)


class Saver:
    """Saves the state into the store."""

    def __init__(self, state: State, store: Store) -> None:
        self._state = state
        self._store = store

    def requested(self, operation: str) -> None:
        """An SDK asked for this operation: what changes a resource concerns every service."""
        if not _DATA.search(operation):
            self._state.deployed()

    def deployed(self) -> None:
        """A deployment has ended: CloudFormation works after its answers."""
        self._state.deployed()

    async def run(self) -> None:
        """Save again and again."""
        while True:
            await asyncio.sleep(_SECONDS)
            try:
                forget_consumed()
                changes = self._state.changes()
                if changes:
                    await asyncio.shield(asyncio.to_thread(self._store.write, changes))
            except Exception:
                LOG.exception("the state could not be saved")

    def save(self) -> None:
        """Save what is left, now."""
        if changes := self._state.changes():
            self._store.write(changes)
