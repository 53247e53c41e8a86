"""Python modules that add to the house: rooms, commands, events, bots, web resources, start and stop hooks."""
