"""What is asked about in one go: a scene's film, a gallery's images."""
