"""`reconcile.yaml`: targets, limits, windows, hosts."""
