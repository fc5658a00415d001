"""Arguments in, one call, text and exit status out."""
