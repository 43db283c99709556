"""The reference of the API as data: what each endpoint takes and answers. Documents and tests read it, functions never."""
