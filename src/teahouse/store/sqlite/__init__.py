"""The store on SQLite: one file, one thread that writes, and readers of their own. Start at `store.py`."""
