"""The Amazon States Language: states, names, rules, JSON, and the token that every state takes and gives."""
