# The centre's document on A4, on kiosks that have a printer for it.
printing-document-title = Документ печатается
printing-document-wait = Лист A4 выходит из принтера документов. Возьмите его, когда он выйдет целиком.
paper-came-printed-sheet = Возьмите лист A4 из принтера документов.
paper-came-unverified-sheet = Проверьте, вышел ли лист из принтера документов. Если нет, напечатайте его на любом терминале по удостоверению.
paper-came-slip-instead = Лист A4 не вышел. Возьмите бумагу внизу: её QR-код доказывает то же.
device-document = Принтер документов
paper-device-document = Принтер документов
