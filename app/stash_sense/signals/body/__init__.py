"""The body signal: MediaPipe's pose, proportions measured on it, candidates weighed by them."""
