"""What kiosks are told about the operator's technicians: whose cards have been revoked."""
