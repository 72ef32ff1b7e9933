"""Canned queries from the inside: files, heads, lint, and their answers as tables."""
