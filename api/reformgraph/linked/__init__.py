"""Linked data: what a path means, and what the release says of an IRI."""
