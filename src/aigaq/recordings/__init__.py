"""The catalogue of what lies in the vault, and its playback."""
