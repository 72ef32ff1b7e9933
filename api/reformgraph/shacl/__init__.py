"""SHACL: an engine for our core shapes beside pyshacl, chunks, reports, and the checking of other people's graphs."""
