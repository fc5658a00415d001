"""Amazon Connect Cases: clients, replies, errors, pace, one call."""
