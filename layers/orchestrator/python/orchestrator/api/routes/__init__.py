"""One module per resource group: parse, one call, shape."""
