"""What is true and what is allowed: pure, standard library only."""
