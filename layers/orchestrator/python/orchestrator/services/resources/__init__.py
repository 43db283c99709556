"""The registry of agents and services, and how much of everything there is."""
