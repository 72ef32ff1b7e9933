"""The commands of `reformgraph` beside those that serve, build and verify."""
