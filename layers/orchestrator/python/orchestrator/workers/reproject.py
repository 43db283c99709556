"""`make reproject`: count the whole event log anew, beside the statistics that are read, and then switch to them.

Run by a person with the credentials of the account; region and endpoint are those of the environment
(`AWS_ENDPOINT_URL` for the local stack), the table that of the stage.
"""

import os
import sys
from typing import Final

from orchestrator.bootstrap.projection import replay

_PREFIX: Final = "task-orchestrator"


def main() -> int:
    """The command; its exit status."""
    stage = os.environ.setdefault("STAGE", "dev")
    os.environ.setdefault("TABLE_NAME", f"{_PREFIX}-{stage}")
    os.environ.setdefault("PAYLOAD_BUCKET", "")
    counted = replay().run()
    sys.stdout.write(f"{counted} events counted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
