"""A Tesla cloud with cars in it, for trying the integration and for its tests."""
