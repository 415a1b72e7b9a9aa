"""The car's side of the Vehicle Command Protocol, judged with keys and messages of our own."""
