"""SQLite as Django has it, but for a file that was replaced under an open connection."""
