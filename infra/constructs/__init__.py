"""The building blocks of the stacks."""
