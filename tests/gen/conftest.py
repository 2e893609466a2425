"""Makes `growing` importable from the generated tests."""
