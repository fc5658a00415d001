"""Findings beside spec lines: SARIF and Code Quality."""
