"""What patients read, in their language: every sentence by its key, dates and times in words."""
