"""Charts as cells: axes, curves and what is drawn into them."""
