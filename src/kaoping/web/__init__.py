"""The platform: keeps rows, asks the core, shows pages."""
