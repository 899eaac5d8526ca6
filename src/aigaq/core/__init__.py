"""What every floor may use; knows no Django and nothing of the order."""
