"""For whoever holds a receipt: which package its code stands for. Open to all; nothing of persons."""
