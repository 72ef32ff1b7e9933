"""The one seam to stores: an `Engine` for each kind, and worker processes for the queries of strangers."""
