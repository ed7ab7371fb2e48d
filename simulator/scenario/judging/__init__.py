"""How each kind of expectation is judged: one function a kind, a scene in, an opinion out."""
