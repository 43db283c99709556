"""What the service knows and decides: entities, lifecycles, events. Pure."""
