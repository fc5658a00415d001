"""What rewrites specs: accept, ignore, fmt, import, export."""
