"""How long an effect may take."""

from __future__ import annotations

from kiosk.journey import effects as do
from kiosk.runtime.cashier import HOLD_S, NOTE_WAIT_S
from kiosk.runtime.opening import SCAN_WAIT_S

CARD_WAIT_S = 120.0
REMOVAL_WAIT_S = 80.0

LIMIT_S: dict[type[do.Order], float] = {
    do.WaitForCard: CARD_WAIT_S + 10,
    do.ReadCard: 75.0,
    do.ScanZone: SCAN_WAIT_S + 10,
    do.WaitForRemoval: REMOVAL_WAIT_S + 10,
    do.AskQuote: 40.0,
    do.AskMatters: 40.0,
    do.AskCopy: 40.0,
    do.PreparePayment: 40.0,
    do.TakePayment: 420.0,
    do.SettlePayment: 240.0,
    do.QueryPayment: 240.0,
    do.ReversePayment: 240.0,
    do.PrepareCash: 40.0,
    do.AwaitNote: NOTE_WAIT_S + 30,
    do.HoldNote: HOLD_S + 30,
    do.StackNote: 90.0,
    do.AcknowledgeNote: 40.0,
    do.ReturnNote: 90.0,
    do.QueryNote: 120.0,
    do.Submit: 40.0,
    do.RegisterSale: 80.0,
    do.QuerySale: 45.0,
    do.FileClaim: 30.0,
    do.PrintPaper: 120.0,
    do.PrintDocument: 180.0,
    do.PrintReport: 120.0,
    do.PrintCollection: 120.0,
    do.CheckPin: 10.0,
    do.CheckTechnicianCard: 45.0,
    do.TestDevices: 90.0,
}
"""Every effect is answered within this time, if need be by OrderOverdue. Longer than what the drivers themselves allow."""
