"""What pages show of the state and the rows: asked with who looks, never changing anything."""
