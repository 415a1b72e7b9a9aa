"""Cars' streams through a real broker and Home Assistant's real MQTT integration."""
