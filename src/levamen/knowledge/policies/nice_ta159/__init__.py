"""NICE TA159: spinal cord stimulation."""
