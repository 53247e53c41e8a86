"""What a browser may ask, one theme a file. Rule: `table.py` says which function answers which request."""
