"""What the use cases need from outside, as Protocols; adapters/ implements them, bootstrap/ wires them.

A *transition* is one unit of work: the entity before and after, what happened, and what is written beside
it. Stores write it in one transaction, conditional on the sequence number it was decided on, and raise
`StaleRecord` when somebody else was faster: reload, decide again.
"""
