"""Cases as tables for spreadsheets: CSV and JSON Lines."""
