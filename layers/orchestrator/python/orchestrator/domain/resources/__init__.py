"""Who performs tasks: registered agents and services, when they can, and how much."""
