"""Ask your own articles, on your own machine."""

__version__ = "0.1.0"
