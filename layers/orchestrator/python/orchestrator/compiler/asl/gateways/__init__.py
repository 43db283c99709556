"""Gateways, and regions in which tokens run at the same time."""
