class NoParametersError(Exception): pass
