"""Consensus guidelines 2023: patient selection and trial for spinal cord stimulation."""
