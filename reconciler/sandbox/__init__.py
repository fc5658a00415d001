"""A local stand-in for Amazon Connect Cases; it shares no code with the rest."""
