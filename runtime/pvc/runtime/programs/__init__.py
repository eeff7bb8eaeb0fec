"""Programs of a talk: Python files whose pictures it shows. They run in a sandbox, where a person allowed it."""
