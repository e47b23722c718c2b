"""The model engine: what a model is told, and what is made of its replies."""
