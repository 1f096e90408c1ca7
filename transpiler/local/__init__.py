"""One run on this machine: its folder, the loop between engine and executor, and how it goes on after a kill."""
