"""Rules tried on past calls: the same decisions as on the way of a request, over rows in their order."""
