"""The commands of ``kiosk``: each a function of its arguments that returns an exit status. They put the parts together."""
