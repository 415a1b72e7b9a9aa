"""Tesla's servers: sign-in, Fleet API, partner registration, and the internet around them."""
