"""What the service decides: entities, lifecycles and their events. Pure: time and ids are arguments."""
