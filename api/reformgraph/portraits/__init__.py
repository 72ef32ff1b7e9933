"""What a page shows of a thing, of a figure, and of the whole."""
