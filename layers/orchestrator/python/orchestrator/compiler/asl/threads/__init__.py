"""Side threads: tokens that run in executions of their own."""
