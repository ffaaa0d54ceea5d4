"""Sound as numbers: samples in, samples out. No asyncio, no clock; time is counted in samples."""
