"""Python as SpiffWorkflow's models write it: expressions, and scripts that only set variables."""
