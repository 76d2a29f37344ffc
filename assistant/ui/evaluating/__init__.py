"""The parts of the tab that measures the answers."""
