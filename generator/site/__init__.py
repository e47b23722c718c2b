"""A static site made of a vault: notes with their video and the evidence beside every citation."""
