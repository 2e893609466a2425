"""Text files read strictly: YAML by the 1.2 core rules and JSON, every value as written and with its line."""
