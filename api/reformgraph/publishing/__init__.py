"""The graph in the forms in which data are published and cited."""
