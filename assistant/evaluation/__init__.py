"""Puts a set of questions to the assistant and counts what became of them."""
