"""Everything below ``/recommendations``: one router a file."""
