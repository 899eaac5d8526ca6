"""What the inspector tells from the field, on a page that keeps what it can't send yet."""
