"""Signals of a transaction that wrote nothing: decide again."""


class StaleRecord(Exception):  # noqa: N818 - it is a signal to decide again, not a fault
    """The record moved on since it was loaded; nothing was written."""


class NoSlot(Exception):  # noqa: N818 - it is a signal to try another slot, or to queue
    """A slot that a transition takes is not free, or others wait for it; nothing was written."""
