"""Reading Markdown that others wrote, so that it can be written back to the byte."""
