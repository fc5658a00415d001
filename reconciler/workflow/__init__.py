"""Sequences: the only code that calls ports."""
