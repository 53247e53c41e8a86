"""Who may do what, and what happens to those who do otherwise. Rule: decided here, in words no protocol has."""
