# The centre's document on A4, on kiosks that have a printer for it.
printing-document-title = Документ печатается
printing-document-wait = Лист A4 выходит из принтера документов. Возьмите его, когда он выйдет целиком.
paper-came-printed-sheet = Возьмите лист A4 из принтера документов.
paper-came-unverified-sheet = Проверьте, вышел ли лист из принтера документов. Если нет, напечатайте его на любом терминале по удостоверению.
paper-came-slip-instead = Лист A4 не вышел. Возьмите бумагу внизу: её QR-код доказывает то же.
device-document = Принтер документов
paper-device-document = Принтер документов
check-formats = Форматы
check-media = Бумага A4
check-state = Состояние
advice-document-answer = Проверьте питание и сетевой кабель принтера и [document] url в конфигурации.
advice-document-formats = Этот принтер не принимает ни PDF, ни PWG Raster: нужен принтер с сертификатом IPP Everywhere или Mopria.
advice-document-media = Положите в лоток бумагу A4 и укажите на принтере, что в лотке A4.
advice-document-state = Посмотрите на экран самого принтера: бумага, крышка, замятие, тонер.
