"""What each operation of the service does: parameters in, reply members out."""
