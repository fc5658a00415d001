"""The groups in which --help lists the options of a command, in this order."""

WHAT = "What"
WHERE = "Where"
HOW = "How"
GUARDS = "Guards"
OUTPUT = "Output"
TALKING = "Talking"
GROUPS = (WHAT, WHERE, HOW, GUARDS, OUTPUT, TALKING)
