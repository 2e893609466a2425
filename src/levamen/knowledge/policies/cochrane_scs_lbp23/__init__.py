"""Cochrane 2023: spinal cord stimulation for low back pain."""
