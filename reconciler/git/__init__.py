"""Version control: what it knows of the specs, asked in a way that runs nothing."""
