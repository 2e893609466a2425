"""An assessment for people and programs: terminal, JSON, HTML, Markdown."""
