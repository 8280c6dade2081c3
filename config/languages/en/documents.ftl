# The centre's document on A4, on kiosks that have a printer for it.
printing-document-title = Printing the document
printing-document-wait = An A4 sheet comes out of the document printer. Take it when all of it has come out.
paper-came-printed-sheet = Take the A4 sheet from the document printer.
paper-came-unverified-sheet = See whether the sheet came out of the document printer. If not, any kiosk prints it with your ID card.
paper-came-slip-instead = The A4 sheet was not printed. Take the paper below instead: its QR code proves the same.
device-document = Document printer
paper-device-document = Document printer
check-formats = Formats
check-media = A4 paper
check-state = State
advice-document-answer = Check the printer's power and network cable, and [document] url in the configuration.
advice-document-formats = This printer takes neither PDF nor PWG Raster: use one that is IPP Everywhere or Mopria certified.
advice-document-media = Put A4 paper into a tray and set the tray to A4 at the printer.
advice-document-state = Look at the printer's own display: paper, cover, jam, toner.
