"""The page of a picture with the whole graph behind it: `kg serve`, for this machine alone."""
