"""What telnet and SSH share: events as text for a terminal, and what a person can set about it."""
