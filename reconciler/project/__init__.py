"""What one run is given and does: the rooms put together."""
