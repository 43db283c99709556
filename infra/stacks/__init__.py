"""One module per stack: data outlives service, observability needs AWS itself."""
