"""Monitoring and analytics against a recount of the raw events."""
