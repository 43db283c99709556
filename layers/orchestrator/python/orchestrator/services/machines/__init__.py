"""What machines ask of the record (docs/design-notes.md, section 3), and what becomes of their executions."""
