"""Many videos in one run: what is due, in which order, how far each has come."""
