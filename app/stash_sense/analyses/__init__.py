"""What looks through the whole library in the background, and what it recommends."""
