"""Things over HTTP: representations, pages, profiles, and what is not there."""
