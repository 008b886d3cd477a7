"""Kaoping (考评): a city's yearly performance assessment, from the notice to the filed result."""

__version__ = "0.1.0"
