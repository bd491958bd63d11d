"""Routes, request and response models, error mapping; no logic."""
