"""The language of criteria: a small closed set of nodes, their meaning, their English, their trace.

Start with `nodes` (what can be said), then `reference` (what it means). Nothing here knows a clinical value:
values arrive inside the nodes, each with its source and mark.
"""
