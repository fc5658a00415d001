"""A plan on disk: its shape, its spelling, and its way back."""
