"""The types of fields: one class each, in which everything about the type is decided."""
