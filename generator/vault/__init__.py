"""The folder of Markdown that people open: the only room that writes into it."""
