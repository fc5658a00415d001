"""What authors wrote: found, read, checked, resolved."""
