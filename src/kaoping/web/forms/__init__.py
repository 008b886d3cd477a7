"""What pages are sent: read strictly, with every fault named, before anything is done with it."""
