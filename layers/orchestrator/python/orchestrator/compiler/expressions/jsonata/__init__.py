"""JSONata as people write it in `{% ... %}`, from text to tree."""
