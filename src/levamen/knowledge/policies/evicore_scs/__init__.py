"""eviCore CMM-211: spinal cord and DRG stimulation."""
