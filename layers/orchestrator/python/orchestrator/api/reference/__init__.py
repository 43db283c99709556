"""The reference of the API as data: what each endpoint takes and answers. Read by documents and tests, never by functions."""
