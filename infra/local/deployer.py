"""Brings the deployed stacks up to the sources, at the start and whenever a source changes."""

import asyncio
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.deploy import DeployError, Deployment
from infra.local.identity import token
from infra.local.logs import LOG
from infra.local.reload import CodeUpdate, changed_files, is_code
from infra.local.repair import repair
from infra.local.settings import LocalSettings
from infra.local.synth import SynthError, Templates

_FAULTS = (DeployError, SynthError, ClientError, BotoCoreError)


class Deployer:
    """`failed` says that the first deployment failed and nothing is served."""

    def __init__(self, settings: LocalSettings, templates: Templates, deployed: Callable[[], None]) -> None:
        self._settings = settings
        self._templates = templates
        self._deployed = deployed
        self._stamp = settings.state / "deployed.key"
        self.failed = False

    async def run(self, stop: asyncio.Event) -> None:
        """Deploy, say that the stack is ready, then follow the sources."""
        try:
            await asyncio.to_thread(self._bring_up)
        except _FAULTS as error:
            LOG.error("not deployed: %s", error)
            if not self._stamp.is_file():
                self.failed = True
                stop.set()
                return
        self._deployed()
        self._announce()
        if self._settings.watch:
            await self._follow()

    def _bring_up(self) -> None:
        started = time.monotonic()
        key = self._templates.key()
        if not self._stamp.is_file() or self._stamp.read_text() != key:
            self._deploy(key)
        repairer = repair(self._settings)
        LOG.info("up after %.1f s%s", time.monotonic() - started, f", {repairer} invoked" if repairer else "")

    def _deploy(self, key: str) -> None:
        started = time.monotonic()
        assembly = self._templates.write(self._settings)
        LOG.info("templates ready in %.1f s", time.monotonic() - started)
        Deployment(self._settings, assembly).deploy()
        self._deployed()
        self._stamp.write_text(key)

    async def _follow(self) -> None:
        async for files in changed_files():
            started = time.monotonic()
            try:
                if all(map(is_code, files)):
                    updated = await asyncio.to_thread(CodeUpdate(self._settings).apply, files)
                    LOG.info("%s updated in %.1f s", ", ".join(updated), time.monotonic() - started)
                else:
                    await asyncio.to_thread(self._deploy, self._templates.key())
            except _FAULTS as error:
                LOG.error("not redeployed: %s", error)
            self._deployed()

    def _announce(self) -> None:
        url = self._settings.api_url
        print(
            f"\nTask Orchestrator serves {url}\n\n"
            f"export TOKEN={token(self._settings)}\n"
            f'curl -H "Authorization: Bearer $TOKEN" {url}/workflow-definitions\n',
            flush=True,
        )
