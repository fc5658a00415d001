"""What GitHub Actions shows and hands on."""
