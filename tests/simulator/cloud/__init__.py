"""Tesla's servers, endpoint by endpoint."""
