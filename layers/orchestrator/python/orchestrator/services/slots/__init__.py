"""How many instances may run: slots, who may take them, when one will be free."""
