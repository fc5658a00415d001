"""Sensitive values sealed, and files of our own signed."""
