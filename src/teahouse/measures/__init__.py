"""How the house is doing, in numbers. Rule: counting costs next to nothing; what takes a look is taken on asking."""
