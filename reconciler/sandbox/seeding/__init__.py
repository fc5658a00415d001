"""A believable contact centre to try things on, the same for the same seed."""
