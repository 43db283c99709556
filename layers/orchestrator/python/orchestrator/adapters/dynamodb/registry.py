"""What agents and services have in common as items."""

from orchestrator.adapters.dynamodb.writes import ABSENT, Condition


def unmoved(sequence: int | None, registration: str | None) -> Condition:
    """The item is as it was read (None: there was none): the same registration, no event later."""
    if sequence is None:
        return Condition(text=ABSENT)
    return Condition(
        text="#s = :s AND registration = :r", names={"s": "sequence"}, values={"s": sequence, "r": registration}
    )
