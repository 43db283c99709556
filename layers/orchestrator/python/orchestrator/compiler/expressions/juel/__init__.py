"""JUEL, the unified expression language of `${...}` (JSR 341), from text to tree."""
