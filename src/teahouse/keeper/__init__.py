"""Commands for those who keep the house. Rule: they work beside a running house, and never take its lock."""
