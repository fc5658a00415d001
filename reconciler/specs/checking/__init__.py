"""What can be said against specs without any service."""
