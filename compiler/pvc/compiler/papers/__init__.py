"""Papers read into plain text with their labels, figures and facts, so that quotes can be found in them."""
