"""ONNX sessions, their providers, the state of the GPU, and where the models come from."""
