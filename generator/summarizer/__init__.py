"""Where notes are drafted and where a timestamp is made: engines and grounding."""
