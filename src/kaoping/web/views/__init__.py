"""Pages: each finds what it shows, or takes one act and goes on to the next page."""
