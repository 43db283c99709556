"""Lambda functions as processes: one clean interpreter per concurrent invocation, kept warm."""
