"""FEEL, the Friendly Enough Expression Language (DMN 1.5, clause 10.3), from text to tree."""
