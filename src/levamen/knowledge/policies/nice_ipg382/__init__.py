"""NICE IPG382: deep brain stimulation for refractory chronic pain."""
