"""The local stack: one process with the AWS endpoint, the engine, the functions, the API and their state."""

import asyncio
import logging
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress

from hypercorn.asyncio import serve  # pyright: ignore[reportUnknownVariableType]
from hypercorn.config import Config

from infra.local import api_errors, timers
from infra.local import states as engine
from infra.local.deployer import Deployer
from infra.local.emulator import service
from infra.local.functions.executor import Executor
from infra.local.gateway import Gateway
from infra.local.listen import Sockets
from infra.local.logs import LOG
from infra.local.saver import Saver
from infra.local.settings import LocalSettings
from infra.local.state import State
from infra.local.store import Store
from infra.local.streams import StreamPoller
from infra.local.synth import Templates

_GRACE_SECONDS = 2
_KEEP_ALIVE_SECONDS = 75


class LocalStack:
    """Run it with `run`; SIGINT and SIGTERM end it."""

    def __init__(self, settings: LocalSettings, sockets: Sockets, templates: Templates) -> None:
        self._settings = settings
        self._templates = templates
        self._sockets = sockets
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Serve until a signal comes; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        executor = Executor(self._settings)
        executor.install()
        store = Store(self._settings.database)
        try:
            with engine.step_functions(self._settings, loop) as states:
                engine.install(states)
                api_errors.install()
                timers.install(self._settings.wait_scale)
                StreamPoller().install()
                state = State(store, states)
                state.install()
                with _pollers_held():
                    state.restore()
                timers.start_rules_now()
                saver = Saver(state, store)
                return await self._serve(Gateway(self._settings, states, saver.requested), saver)
        finally:
            executor.close()
            store.close()

    async def _serve(self, gateway: Gateway, saver: Saver) -> int:
        config = Config()
        config.bind = self._sockets.bindings
        config.keep_alive_timeout = _KEEP_ALIVE_SECONDS
        config.graceful_timeout = _GRACE_SECONDS
        config.errorlog = logging.getLogger("hypercorn.error")
        server = asyncio.create_task(serve(gateway, config, shutdown_trigger=self._stop.wait))  # pyright: ignore[reportArgumentType]
        await self._listening()
        if service("lambda_svc")._esms.has_any():  # noqa: SLF001 - consumers may start now that they can be served
            service("lambda_svc")._ensure_poller()  # noqa: SLF001
        deployer = Deployer(self._settings, self._templates, saver.deployed)
        work = [asyncio.create_task(saver.run()), asyncio.create_task(deployer.run(self._stop))]
        try:
            await server
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            saver.save()
            LOG.info("stopped; `make run` goes on from here")
        return 1 if deployer.failed else 0

    async def _listening(self) -> None:
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self._settings.aws_port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@contextmanager
def _pollers_held() -> Generator[None]:
    """Restored mappings must not call functions that could not call back yet."""
    lambda_svc = service("lambda_svc")
    lambda_svc._poller_started = True  # noqa: SLF001
    try:
        yield
    finally:
        lambda_svc._poller_started = False  # noqa: SLF001
