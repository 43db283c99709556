"""What decisions mean: expressions that a machine evaluates itself."""
