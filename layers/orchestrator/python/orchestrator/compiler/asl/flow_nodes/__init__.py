"""Flow nodes that one token passes or waits at."""
