"""From the faces of a scene's frames to its persons. Pure functions; rules and numbers are the contract's."""
