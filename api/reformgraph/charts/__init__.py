"""Charts as Vega-Lite specifications, and the process that draws them."""
