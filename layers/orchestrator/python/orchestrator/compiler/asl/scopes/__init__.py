"""Activities with a scope of their own: sub-processes, loops, instances, compensation."""
