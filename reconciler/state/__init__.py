"""What a run leaves behind: journal, receipt, lock."""
