"""Files over HTTP: taken in, and sent out again."""
