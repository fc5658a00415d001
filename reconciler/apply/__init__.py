"""Carry out a plan: every write guarded, on record, and never over what may be somebody else's."""
