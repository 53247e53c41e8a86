"""How the house runs on a machine: where it listens, where it keeps its data, its log, its process."""
