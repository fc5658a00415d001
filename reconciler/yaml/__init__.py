"""YAML and JSON with places, and their rewriting; knows no spec."""
