"""Values: what specs, cases and plans are, as frozen data."""
