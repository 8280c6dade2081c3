# What the citizen reads. A term is said the same way everywhere.
language-name = English
language-short = EN
kiosk-name = Public services terminal
working = Please wait

# The ways out
cancel = Cancel
    .say = Cancel. Everything is stopped.
back = Back
    .say = Back, to the screen before
onward = Continue
pay = Pay
pay-by-card = Pay by card
pay-in-cash = Pay cash
pay-rest-by-card = Pay the rest by card
pay-again = Try again
apply = Get the certificate
finish = Finish
understood = I understand
earlier = Previous
more = Next
key-erase = Delete
key-letters = ABC
    .say = Letters
key-digits = 123
    .say = Digits

# Steps
step-of = Step { $step } of { $count }: { $name }
step-choose = Service
step-card = ID card
step-details = Details
step-pay = Payment
step-apply = Application
step-paper = Receipt
step-slip = Certificate

# Pictures, as they are described
picture-card-insert = An ID card goes into the reader, chip down
picture-card-inside = An ID card inside the reader
picture-card-take = An ID card is taken out of the reader
picture-card-digits = Six marked digits on an ID card
picture-terminal-insert = A bank card goes into the terminal
picture-terminal-pin = The keys of the terminal and a PIN
picture-terminal-wait = The terminal is working
picture-terminal-take = A bank card is taken out of the terminal
picture-printing = A receipt comes out of the printer
picture-done = A receipt with a tick
picture-returned = Money comes back
picture-checking = A receipt under a magnifying glass
picture-sending = A public building
picture-sorry = An attention sign
picture-resting = A closed sign
picture-waiting = A clock

# Resting
welcome-greeting = Welcome!
welcome-language = Language
welcome-begin = Touch to begin
    .say = English. Touch to begin.
out-of-service-title = The terminal is out of service
out-of-service-devices = No service is possible for technical reasons. We are sorry.
out-of-service-mains = There is no electricity. The terminal works again when it is back.
out-of-service-central = There is no connection to the centre. The terminal works again when it is back.
out-of-service-door = The terminal is being serviced.
out-of-service-other = Please come back a little later. We are sorry.

# Choosing
choosing-title = Which service do you need?
obstacle-no-printer = Receipts cannot be printed. Not possible now.
obstacle-no-terminal = Card payment does not work. Not possible now.
obstacle-no-card-reader = The ID card reader does not work. Not possible now.
obstacle-no-central = No connection to the centre. Try later.
obstacle-no-mains = There is no electricity. Not possible now.
obstacle-door-open = The terminal is being serviced.
obstacle-other = Not possible now.

# The ID card
presenting-card-title = Insert your ID card
presenting-card-look = First remember the 6 digits of the CAN on the card
presenting-card-insert = Push it in, chip down, all the way. Or lay it flat on the reader
presenting-card-leave = Leave it there until the end
notice-other-card = If a card is in the reader, take it out first.
notice-removed = The card was taken out too early. Insert it again.
notice-card-absent = No card was found. Insert it again.
notice-unsupported = This card cannot be read. Insert an ID card.
notice-unreadable = The card could not be read. Turn it over and insert it again, or lay it flat and hold it still.
notice-not-genuine = This card could not be verified. Take it out and ask the staff of ASAN.
notice-expired = This card has expired. Take it out and insert a valid one.
notice-two-cards = Two cards are in. Take both out, then insert yours alone.
notice-wrong-key-too-often = The digits were wrong three times. Take the card out and look at them.
notice-wrong-document-too-often = Number and dates did not match the card three times. Take it out and compare them.
notice-card-no-service = The reader is starting. Insert the card in a moment.
notice-card-silent = The card does not answer. Take it out, insert it again.
notice-card-failed = Reading failed. Take the card out, insert it again.
notice-timeout = The time is over. Please try again.
notice-wrong-key = { $left ->
        [one] The digits do not match. { $left } try is left.
       *[other] The digits do not match. { $left } tries are left.
    }
notice-unknown-account = This number was not found. Check it and type it again.
notice-nothing-due = Nothing is due for this number.
notice-central-refused = The centre did not accept this number. Check it.
notice-declined = The bank declined the payment. No money was taken.
notice-cancelled = The payment was stopped. No money was taken.
notice-other = That did not work. Please try again.
entering-key-title = Type the 6 digits of your card
entering-key-where = The separate 6 digits printed on the card (CAN)
entering-key-field = Six digits
reading-card-title = Reading your card
reading-card-leave = Leave it where it is. This takes a few seconds.

# What is due
quoting-title = Finding the amount
quoting-wait = We are waiting for the centre. A little patience.
confirming-title = Is everything right?
confirming-free-title = Do you want this certificate?
confirming-citizen = Your name
confirming-payer = Payer
confirming-amount = Amount
confirming-fee = Service fee
confirming-total = To pay
confirming-free = Free
confirming-free-explained = The certificate is printed here at once.

# Paying
amount-to-pay = To pay
preparing-payment-title = Preparing the payment
preparing-payment-wait = The bank terminal is starting. Please wait a little.
terminal-insert-card = Insert your bank card
terminal-insert-card-do = Insert the card into the bank terminal beside, or hold it close.
terminal-enter-pin = Type your PIN on the terminal
terminal-enter-pin-do = Cover the PIN with your hand. Then press the green key.
terminal-wait = Please wait
terminal-wait-do = Do not take the card out.
terminal-contacting-bank = Connecting to the bank
terminal-contacting-bank-do = Do not take the card out. This may take a little time.
terminal-remove-card = Take your bank card
terminal-remove-card-do = Take the card out of the terminal and watch this screen.
terminal-approved = The bank approved the payment
terminal-approved-do = Take your bank card.
terminal-declined = The bank declined the payment
terminal-declined-do = Take your bank card. No money was taken.
terminal-other = Look at the bank terminal
terminal-other-do = Do what its screen says.
stopping-title = Stopping the payment
stopping-wait = The bank terminal is stopping the payment. Please wait a little.
settling-payment-title = Completing the payment
settling-payment-wait = Take your bank card. The receipt is being prepared.
checking-payment-title = Checking the payment
checking-payment-wait = We are finding out whether money was taken. Do not pay again, please wait.
reversing-payment-title = Returning the money
reversing-payment-wait = The service could not be given. The money goes back to your card, please wait.

# Cash
picture-cash = A banknote goes into the acceptor
cash-due = To pay
cash-inserted = Inserted
cash-remaining = Left to pay
preparing-cash-title = Preparing for cash
preparing-cash-wait = Please wait a little. Do not insert money yet.
taking-cash-title = Insert notes one at a time
taking-cash-fits = Notes up to { $most } are accepted. There is no change.
taking-cash-returned = The note was given back. Take it and insert another.
taking-cash-no-card = The card was not charged. Your notes count: insert the rest.
cash-stopping-wait = Notes are no longer accepted. Please insert no more.
surplus-title = { $surplus } too much
surplus-explained = Your note: { $value }. Left to pay: { $due }. There is no change. The note is not taken yet. Please choose:
surplus-account = Credit the surplus to my account
surplus-claim = Print a code for the surplus
    .say = Print a code for the surplus on the receipt. The centre pays it out for that code.
surplus-return = Give the note back
stacking-note-title = Taking the note
stacking-note-wait = Please wait a little.
returning-note-title = Giving the note back
returning-note-wait = Please take the note.
checking-note-title = Checking the note
checking-note-wait = We are finding out whether the note was taken. Please wait a little.
farewell-cash-claim-title = Your money is recorded
farewell-cash-claim = The payment was not completed. With the code on the paper the centre gives your money back.
apology-cash-failed = Cash is not accepted now. The payment did not start.

# The end
submitting-title = Sending your data
submitting-wait = We are telling the centre. Please wait a little.
filing-claim-title = Filing your claim
filing-claim-wait = Our staff will check the payment. Do not pay again.
printing-title = Printing
printing-wait = Take the paper when all of it has come out.
farewell-done-title = Payment accepted
farewell-done = Everything is in order. Thank you!
farewell-slip-title = Your certificate is ready
farewell-slip = The QR code on it proves that it is genuine.
farewell-done-missing = Your payment has reached the centre. It counts without the paper.
farewell-slip-missing-title = Your certificate is ready
farewell-slip-missing = The centre has it and will keep it.
farewell-deferred-title = Payment accepted
farewell-deferred = The connection is weak: the centre hears of it a little later. You need to do nothing.
farewell-claim-title = The payment will be checked
farewell-claim = It is not known yet whether money was taken. Do not pay again: our staff are checking.
farewell-reversed-title = The money was returned
farewell-reversed = The service could not be given. The money went back to your bank card.
paper-came-printed = Take the paper below.
paper-came-unverified = See whether the paper came out. If not, write down or photograph the code: any terminal like this prints it.
paper-came-partial = The paper was not printed whole. Write down or photograph the code: any terminal like this prints it.
paper-came-not-started = The paper was not printed. Write down or photograph the code: any terminal like this prints it.
take-card = Take the ID card out of the reader
certificate-number = Certificate number
receipt-number = Receipt number
reference-number = Reference
apology-title = We are sorry
apology-title-nothing-due = Nothing is due
apology-nothing-taken = No money was taken from you.
apology-power = The electricity failed and this was interrupted. You can start again.
apology-no-printer = The printer does not work, we cannot give a receipt. Come back later.
apology-no-terminal = The bank terminal does not work. Come back a little later.
apology-no-card-reader = The ID card reader does not work. Come back a little later.
apology-no-central = There is no connection to the centre. Come back a little later.
apology-no-mains = There is no electricity. Come back when it is on again.
apology-door-open = The terminal is being serviced. Come back a little later.
apology-terminal-failed = The bank terminal did not answer. The payment did not start.
apology-not-charged = The payment was not completed. You can try again.
apology-central-refused = The centre did not accept this request. Ask the staff of ASAN.
apology-nothing-due = There is nothing to pay for this number.
apology-unknown-account = This number was not found. Check the number on your bill.
apology-malformed = The centre did not understand the data. Ask the staff of ASAN.
apology-cancelled-at-terminal = The payment was stopped at the terminal.
apology-card-failed = The card reader had an error. Please try again.
apology-card-unproven = This service needs an ID card that proves to be genuine. Ask the staff of ASAN.
apology-timeout = The time is over. You can start again.
apology-other = That did not work. Please try again.
still-there-title = Are you still there?
still-there-explained = Without an answer your data will be erased.
still-there-yes = Yes, go on
still-there-no = No, finish
sorry-title = An error on the screen
sorry-explained = Press Cancel and start again. We are sorry.

# Matters: somebody comes back
step-answer = Answer
notice-unknown-code = This code was not found. Check it and type it again. If the receipt is from today, try a little later.
finding-matters-title = Looking for your payments
finding-matters-wait = We are waiting for the centre. A little patience.
matters-title = Your payments
matters-none-title = No payment was found
matters-none = There was no payment with this card in the last 90 days. If you have a receipt, check by its code.
matters-print = Print the list
matter-paid = PAID
matter-being-checked = BEING CHECKED
matter-not-paid = NOT PAID
matter-returned = MONEY RETURNED
matter-owed = OWED TO YOU
matter-other = BEING CHECKED
matter-explained-paid = The money has come in and the service is done. You need do nothing more.
matter-explained-being-checked = Our staff are checking. The result will be shown here. Do not pay again.
matter-explained-not-paid = No money was taken from you. You can pay again if you wish.
matter-explained-returned = Your money has been returned.
matter-explained-owed = What you paid too much is given back. Ask the staff of ASAN with the code on the receipt.
matter-explained-other = Our staff are checking. The result will be shown here.
farewell-statement-title = Take the sheet
farewell-statement = It says how your payments stand today.

# The second card: a child's, or of somebody who is helped
presenting-card-title-child = Now insert the child’s card
presenting-card-title-another = Now insert the card of the person you help
presenting-card-take-own = First take out your own card
presenting-card-insert-child = Push the child’s card in, chip down. Or lay it flat on the reader
presenting-card-insert-another = Push their card in, chip down. Or lay it flat on the reader
notice-same-card = This is your own card. Insert the second one.
notice-not-a-child = This card belongs to an adult. Insert the child’s card.
entering-key-title-child = Type the 6 digits of the child’s card
entering-key-title-another = Type the 6 digits of their card
confirming-asking = You are asking
confirming-subject-child = The certificate is for this child
confirming-subject-another = The certificate is for this person
apology-too-many-codes = These codes were not found. Check the code on the receipt and come back in an hour.
apology-not-a-resident = This person is not in the register of residents. Ask the staff of ASAN.
apology-not-a-guardian = The register does not say that you may act for this person. Ask the staff of ASAN.
# --- a paper once more ---
copy-again = Print again
asking-copy-title = Asking the centre for the paper
asking-copy-wait = We are waiting for the centre. A little patience.
printing-copy-title = Printing it again
printing-copy-wait = The paper comes out below. It says COPY.
notice-copy-printed = Take the paper below.
notice-copy-unverified = See whether the paper came out. If not, print it again.
notice-copy-partial = The paper was not printed whole. Print it again.
notice-copy-not-started = The paper was not printed. Try again.
notice-copy-no-central = The centre did not answer. Try again a little later.
notice-copy-refused = The centre could not give this paper. Try again a little later.
notice-copy-no-paper = The printer is not working now. Any other terminal like this can print it.
matter-issued = ISSUED
matter-explained-issued = The document has been issued. You can print it here again.

# --- without paper ---
no-paper-title = The printer is not working
no-paper = There will be no paper receipt. Your payment will count all the same.
no-paper-instead = At the end the screen shows a code. Write it down or photograph it: any terminal like this prints the receipt.
no-paper-slip = The certificate cannot come out on paper now. It will be issued all the same.
no-paper-slip-instead = Later any terminal like this prints it with your ID card.
no-paper-go-on = Go on without paper
carry-qr = QR code of the reference
paper-came-unverified-slip = See whether the paper came out. If not, any terminal like this prints it with your ID card.
paper-came-partial-slip = The paper was not printed whole. Any terminal like this prints it with your ID card. Keep the code.
paper-came-not-started-slip = The paper was not printed. Any terminal like this prints it with your ID card. Keep the code.
paper-came-unfiled = Write down or photograph the code. Show it to the staff of ASAN.
