"""A session as a scenario file: what people did is told as steps, what followed by itself follows again."""
