"""Practice parameters 2007: spinal cord stimulation for chronic neuropathic pain."""
