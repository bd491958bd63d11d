"""Pictures from outside: fetched within limits, decoded into one known form."""
