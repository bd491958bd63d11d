"""Making a recognition database from people's own photos, in exactly the format of the distributed ones."""
