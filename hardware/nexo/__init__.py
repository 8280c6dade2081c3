"""Card payment by nexo Sale to POI, protocol 3.x: JSON over HTTP."""
