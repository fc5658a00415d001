"""Build the real program: the only place where an adapter is chosen."""
