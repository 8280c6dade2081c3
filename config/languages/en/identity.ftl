# The key of the ID card, in other ways than its six digits
entering-key-where-scan = The separate 6 digits (CAN). Or hold the lines with < to the scanner.
entering-key-lost = I cannot find the six digits
finding-digits-title = Where are the six digits?
finding-digits-where = Take the card out and look at both sides: a separate number of exactly 6 digits, often marked CAN. Then put it back.
finding-digits-not-there = No such number? Go on with the document number, date of birth and date of expiry.
finding-digits-document = Use the document number
document-number-label = Document number
document-number-hint = As on the card, letters too. You may take it out to look.
document-birth-label = Date of birth
document-birth-hint = Day, month, year, as printed on the card.
document-expiry-label = Date of expiry
document-expiry-hint = The last day of validity: day, month, year. Then put the card back in.
notice-date-wrong = There is no such date. Look at the card and type it again.
notice-birth-wrong = This date of birth cannot be. Type it again.
notice-expiry-wrong = This is no date of expiry. Find “Date of expiry” on the card.
notice-misread = The card was not read. Put it flat on the scanner and try again.
notice-wrong-zone = That was another card. Scan this one, or type its digits.
notice-wrong-document = { $left ->
        [one] Number or dates do not match the card. { $left } try is left.
       *[other] Number or dates do not match the card. { $left } tries are left.
    }
notice-zone-needed = Six digits do not open this card. Document number and dates will do.
reading-card-put-back = If you took the card out, put it back in. Then leave it there.
no-chip = The card has no chip
without-chip-title = A card without a chip
without-chip-cannot = This terminal cannot read it, and a typed number does not prove who you are. Services that ask for an ID card cannot be done with it.
without-chip-needed = You need an ID card with a chip. ASAN xidmət issues it.
without-chip-kinds = Without a chip: { $cards }
without-chip-others = Other services
picture-card-no-chip = An ID card without the golden chip
ended-by-card-title = The visit has ended
ended-by-card = A card was put in during the visit. For your safety the visit was ended. You can begin again.
farewell-seen-title = Thank you
farewell-seen = Nothing was printed. You can come back and look again.
device-scanner = MRZ scanner
paper-device-scanner = MRZ scanner
