"""Probes of registered services: a GET of each one's health endpoint, all at the same time."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from orchestrator.adapters.http import HttpWebhookSender
from orchestrator.domain.webhooks.delivery import Answer


@dataclass(frozen=True, slots=True)
class HttpServiceProbes:
    """`ports.insights.ServiceProbes`; as long as the slowest takes, at most the sender's time limit."""

    sender: HttpWebhookSender

    def answers(self, endpoints: Mapping[str, str]) -> Mapping[str, Answer]:
        """What each health endpoint answers now, by the service's name."""
        if not endpoints:
            return {}
        with ThreadPoolExecutor(max_workers=len(endpoints)) as pool:
            return dict(zip(endpoints, pool.map(self.sender.get, endpoints.values()), strict=True))
