"""What the doctor looks at besides the machine itself: each file can be imported by itself."""
