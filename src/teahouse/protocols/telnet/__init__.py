"""Plain telnet, MUD clients, and (without negotiation) plain TCP."""
