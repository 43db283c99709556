"""Webhooks: who wants to know of which events, where to, how signed, how often tried."""
