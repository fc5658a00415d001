"""Doors: one outside thing each."""
