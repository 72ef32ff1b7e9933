"""Search from the inside: text into tokens, the index, questions, ranking, facets."""
