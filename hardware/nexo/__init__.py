"""A payment terminal that speaks nexo Retailer (Sale to POI, 3.x) in JSON over HTTP. Driver and simulator share the protocol and no code."""
