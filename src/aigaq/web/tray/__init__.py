"""What waits for the custodian to say where it belongs."""
