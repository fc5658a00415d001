"""Files on disk and what is exact in them: written whole, read strictly, spelled canonically."""
