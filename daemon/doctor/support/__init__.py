"""What may be given away for help, without what is private."""
