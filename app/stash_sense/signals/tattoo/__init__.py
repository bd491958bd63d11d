"""The tattoo signal: tattoos found, turned into vectors, looked up. Imported only when it is wanted."""
