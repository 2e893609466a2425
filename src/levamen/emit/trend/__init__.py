"""A trend as picture, page, text, table and data: every format writes the same numbers."""
