"""Pure decisions: what a call is, where it may go, what it may use and what it cost. `now` is an argument."""
