"""What stands in space: surfaces, clouds of points, networks, molecules, laid out as solids that turn."""
