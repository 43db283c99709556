"""Routes of the group `events`: those not built yet answer 501."""

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group

handler = App(Group.EVENTS)
