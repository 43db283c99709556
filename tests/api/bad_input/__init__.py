"""The tables of bad input: for each endpoint, a row per thing that a caller can get wrong there."""
