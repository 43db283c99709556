"""The edge for queues, streams and Step Functions: one module per consumer function."""
