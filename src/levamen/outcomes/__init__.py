"""What became of a procedure: tests read from their diary, relief over time, responders. Pure functions."""
