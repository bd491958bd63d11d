"""From a picture to names: detect, align, embed, search, fuse."""
