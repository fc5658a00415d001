"""Reports for comments on pull requests and step summaries."""
