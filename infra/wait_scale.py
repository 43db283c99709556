"""The factor by which waits are shortened where nobody wants to sit them out: `WAIT_SCALE`."""

#: a day takes nine seconds; below, the retries of a call that was refused for load follow each other without a pause
SMALLEST = 0.0001


def parse_wait_scale(text: str) -> float:
    """The factor that the text gives.

    Raises:
        ValueError: it is no number from `SMALLEST` to 1; the message says so.
    """
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not SMALLEST <= scale <= 1:
        raise ValueError(f"WAIT_SCALE must be a number from {SMALLEST} to 1, not {text!r}")
    return scale
