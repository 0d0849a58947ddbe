"""What customers said or suffered, as an agent heard it."""
