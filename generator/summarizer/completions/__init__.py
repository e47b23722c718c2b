"""Where a model is asked: any OpenAI-compatible server, and every reply kept."""
