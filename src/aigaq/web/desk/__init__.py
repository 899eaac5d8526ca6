"""The desk: what is out, and handing recorders out and taking them back."""
