"""IRC as it is spoken today: modern.ircdocs.horse and the IRCv3 specifications."""
