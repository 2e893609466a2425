"""From facts to facts: relief, conservative care, the index pain, trials. Pure, no clinical value inside."""
