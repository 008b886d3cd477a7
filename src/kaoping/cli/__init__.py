"""The command line: every check and the whole batch job without a server."""
