"""Makes `specimen` importable from every chapter."""
