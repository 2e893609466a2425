"""The clinic: a web application over the library. Nothing of the library knows of it."""
