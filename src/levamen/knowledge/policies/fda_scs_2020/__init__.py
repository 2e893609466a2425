"""FDA letter 2020: trial stimulation before implanting a spinal cord stimulator."""
