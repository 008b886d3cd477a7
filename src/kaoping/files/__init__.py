"""Turning core's objects into documents, archives and stored bytes, and back."""
