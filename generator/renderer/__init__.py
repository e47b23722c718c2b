"""Where Markdown is written: slugs, timestamps, links and templates."""
