"""Canned queries over HTTP: requests, answers, pages, catalogue."""
