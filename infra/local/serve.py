"""`python -m infra.local.serve`: run the local stack in the foreground until Ctrl-C."""

import asyncio
import logging
import os
import sys

from infra.local import emulator, logs
from infra.local.listen import TakenError, listen, lock
from infra.local.settings import SettingsError, local_settings
from infra.local.synth import ProductTemplates, Templates

#: requests and the engine share this process: none waits long for the other's computing
_SWITCH_SECONDS = 0.0005


def serve(templates: Templates) -> int:
    """Serve; the exit code is 0 after a signal, 1 if the stack cannot run, 2 if it was asked for something wrong."""
    try:
        settings = local_settings()
        sockets = listen(settings)
        held = lock(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except TakenError as error:
        print(error, file=sys.stderr)
        return 1
    sys.setswitchinterval(_SWITCH_SECONDS)
    logs.configure()
    emulator.configure(settings)
    from infra.local.stack import LocalStack  # noqa: PLC0415 - imports the endpoint, which reads the environment now

    async def run() -> int:
        return await LocalStack(settings, sockets, templates).run()

    with held:
        return asyncio.run(run())


def end(code: int) -> None:
    """Leave at once: idle threads of the endpoint would hold the process."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    end(serve(ProductTemplates()))
