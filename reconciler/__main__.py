"""Let `python -m reconciler` be the same as `reconcile`."""

from reconciler.cli.start import main

main()
