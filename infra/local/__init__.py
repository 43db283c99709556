"""The local stack: the synthesized template, deployed and served by one process on this machine."""
