"""The plan: compare, classify, guard, save, open."""
