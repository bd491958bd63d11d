"""What else than the face speaks for or against a candidate: body and tattoos, and how they re-rank."""
