"""What happened, read back from the store alone, and the views of it: JSON, HTML, JUnit, text."""
