"""The event log, its ways out (bus, webhooks) and the way in (commands)."""
