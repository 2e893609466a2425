"""Pictures for a page, as SVG text: pure functions from typed values, each with a table of the same numbers.

They are clean under a content security policy without inline styles: presentation attributes and classes alone.
"""
