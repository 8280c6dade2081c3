# The centre's document on A4, on kiosks that have a printer for it.
printing-document-title = Printing the document
printing-document-wait = An A4 sheet comes out of the document printer. Take it when all of it has come out.
paper-came-printed-sheet = Take the A4 sheet from the document printer.
paper-came-unverified-sheet = See whether the sheet came out of the document printer. If not, any kiosk prints it with your ID card.
paper-came-slip-instead = The A4 sheet was not printed. Take the paper below instead: its QR code proves the same.
device-document = Document printer
paper-device-document = Document printer
