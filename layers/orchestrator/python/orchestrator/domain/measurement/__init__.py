"""What is measured: time buckets, counters and latency sketches that merge by addition. Pure."""
