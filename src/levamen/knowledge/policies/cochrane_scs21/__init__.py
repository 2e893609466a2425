"""Cochrane 2021: implanted spinal neuromodulation."""
