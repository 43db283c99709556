"""What states have in common: calls of the runtime, moves, results, time limits, incidents."""
