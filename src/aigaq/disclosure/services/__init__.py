"""One act, one file: register, choose anew, approve, refuse, build, hand over."""
