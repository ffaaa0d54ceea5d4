"""Lights of any colour: rows and rings on the SPI bus, in USB arrays, and one on three pins."""
