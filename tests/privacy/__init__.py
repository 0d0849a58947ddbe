"""Personal data: what may not reach the disk, however it is written."""
