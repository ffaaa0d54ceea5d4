"""How devices are worked: through the gate that keeps their bounds, noted for undoing, told as they report."""
