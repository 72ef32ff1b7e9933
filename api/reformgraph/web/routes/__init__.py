"""One thin module for each path prefix."""
