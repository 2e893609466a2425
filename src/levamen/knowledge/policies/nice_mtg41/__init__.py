"""NICE MTG41: Senza spinal cord stimulation."""
