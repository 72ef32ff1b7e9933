"""Other people's tables matched with the things of the graph."""
