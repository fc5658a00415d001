"""Keep Amazon Connect case fields equal to the values written in YAML specs."""

__version__ = "0.1.0"
