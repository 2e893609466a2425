"""Levamen: which interventional pain therapy is appropriate now, which is not and exactly why."""

__version__ = "0.1.0"
