"""What a person does: an act, through the one door."""
