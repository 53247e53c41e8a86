"""Everything for one kind of client, in one folder each: codec, render, and the Twisted protocol."""
