"""Where transcripts come in: YouTube, its metadata, and local subtitle files."""
