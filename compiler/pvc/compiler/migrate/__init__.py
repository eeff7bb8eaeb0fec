"""Files of an older language, brought to the one that this pvc speaks: `steps` says how, `run` does it."""
