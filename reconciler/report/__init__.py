"""Text: pure functions from a view to a string."""
