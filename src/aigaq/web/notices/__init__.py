"""What the signed-in person has been told, and where else they are told of it."""
