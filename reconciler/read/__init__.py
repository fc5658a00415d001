"""What to read of the live cases, and how, with the fewest calls."""
