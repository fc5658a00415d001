"""Let `python -m reconciler` be the same as `reconcile`."""

from reconciler.cli.main import main

main()
