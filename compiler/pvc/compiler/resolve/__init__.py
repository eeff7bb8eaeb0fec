"""Names: files and modules that a talk uses, what they declare, and what a word in an expression stands for."""
