"""HTTP: what extensions offer to browsers and programs."""
