"""Spec files found and read, every problem with its place."""
