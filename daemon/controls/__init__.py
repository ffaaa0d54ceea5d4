"""What people press and look at."""
