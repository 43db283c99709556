"""Tasks: what performers do with them, who performs them, and how services are called."""
