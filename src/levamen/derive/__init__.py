"""From facts to facts: relief, sessions, conservative care, the index pain. Pure, versioned, no clinical value inside."""
