"""Some twenty strokes of 16 pixels, ours; always beside a word. Inlined, because a policy may block a sprite."""

from __future__ import annotations

PATHS = {
    "met": '<circle cx="8" cy="8" r="6.25"/><path d="M5 8.2l2.1 2.1L11.2 6"/>',
    "not_yet": '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.4 1.6"/>',
    "not_met": '<rect x="2" y="2" width="12" height="12" rx="2"/><path d="M5.5 5.5l5 5m0-5l-5 5"/>',
    "unknown": '<circle cx="8" cy="8" r="6.25" stroke-dasharray="2.2 1.8"/><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.1"/><path d="M8 11.2v.1"/>',
    "ambiguous": '<path d="M8 14V9m0 0L3.5 4.5M8 9l4.5-4.5M3.5 7V4.5H6M10 4.5h2.5V7"/>',
    "not_covered": '<circle cx="8" cy="8" r="6.25"/><path d="M4 12L12 4"/>',
    "against": '<path d="M2.2 3.5h11.6L8 13.5z"/>',
    "silent": '<path d="M3.5 8h9"/>',
    "informs": '<circle cx="8" cy="8" r="6.25"/><path d="M8 7.2v4M8 4.8v.1"/>',
    "clear": '<path d="M8 1.8l5 1.8v4c0 3.2-2.1 5.4-5 6.6-2.9-1.2-5-3.4-5-6.6v-4z"/><path d="M5.6 8l1.7 1.7 3.1-3.3"/>',
    "caution": '<path d="M8 2.2L14.2 13.2H1.8z"/><path d="M8 6.3v3.2M8 11.3v.1"/>',
    "defer": '<rect x="2" y="2" width="12" height="12" rx="3"/><path d="M6.3 5.3v5.4M9.7 5.3v5.4"/>',
    "contraindicated": '<path d="M5.4 1.9h5.2l3.5 3.5v5.2l-3.5 3.5H5.4l-3.5-3.5V5.4z"/><path d="M4.8 8h6.4"/>',
    "safety-unknown": '<path d="M8 1.8l5 1.8v4c0 3.2-2.1 5.4-5 6.6-2.9-1.2-5-3.4-5-6.6v-4z" stroke-dasharray="2.2 1.7"/><path d="M6.5 6.3a1.5 1.5 0 1 1 2.2 1.4c-.5.3-.7.5-.7 1M8 10.5v.1"/>',
    "unverified": '<path d="M4 14V2.5h7.5l-1.8 2.7 1.8 2.7H4" stroke-dasharray="2.2 1.5"/>',
    "dissent": '<path d="M5 5L2 8l3 3M2 8h12M11 5l3 3-3 3"/>',
    "ready": '<path d="M3 8.5l3.3 3.3L13 4.8"/>',
    "due": '<rect x="2" y="3" width="12" height="11" rx="2"/><path d="M2 6.5h12M5.3 1.5v3M10.7 1.5v3"/>',
    "missing": '<rect x="2.5" y="2.5" width="11" height="11" rx="1.5" stroke-dasharray="2.2 1.7"/><path d="M5.7 5.7l4.6 4.6m0-4.6l-4.6 4.6"/>',
    "awaited": '<path d="M4 2h8M4 14h8M5 2c0 3 6 3 6 6s-6 3-6 6M11 2c0 3-6 3-6 6s6 3 6 6"/>',
    "not-checked": '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5v4.2M8 11v.1"/>',
    "person": '<circle cx="8" cy="5.3" r="2.8"/><path d="M2.8 14c.5-3 2.5-4.5 5.2-4.5s4.7 1.5 5.2 4.5"/>',
    "print": '<path d="M4.5 6V2h7v4M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7V14h-7z"/>',
}


def svg(name: str) -> str:
    """The icon as markup, hidden from readers: the word beside it says it. Raises KeyError for an unknown one."""
    return (
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"'
        f' stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{PATHS[name]}</svg>'
    )
