# The key of the ID card, in other ways than its six digits
entering-key-where-scan = Отдельные 6 цифр (CAN). Или поднесите строки со знаками < к сканеру.
entering-key-lost = Не нахожу шесть цифр
finding-digits-title = Где эти шесть цифр?
finding-digits-where = Выньте удостоверение, посмотрите с двух сторон: отдельно ровно 6 цифр, часто рядом CAN. Затем вставьте обратно.
finding-digits-not-there = Таких цифр нет? Подойдут номер документа, дата рождения и срок действия.
finding-digits-document = Ввести номер документа
document-number-label = Номер документа
document-number-hint = Как на карте, вместе с буквами. Карту можно вынуть.
document-birth-label = Дата рождения
document-birth-hint = День, месяц, год, как на удостоверении.
document-expiry-label = Срок действия
document-expiry-hint = Последний день срока: день, месяц, год. Затем вставьте карту обратно.
notice-date-wrong = Такой даты нет. Посмотрите на карту и введите снова.
notice-birth-wrong = Такой даты рождения быть не может. Введите снова.
notice-expiry-wrong = Это не срок действия. Найдите “Etibarlıdır / Date of expiry”.
notice-misread = Карта не прочитана. Положите её ровно на сканер и попробуйте снова.
notice-wrong-zone = Это другая карта. Отсканируйте эту или введите цифры.
notice-wrong-document = { $left ->
        [one] Номер или даты не подходят к карте. Осталась { $left } попытка.
        [few] Номер или даты не подходят к карте. Осталось { $left } попытки.
        [many] Номер или даты не подходят к карте. Осталось { $left } попыток.
       *[other] Номер или даты не подходят к карте. Осталось { $left } попытки.
    }
notice-zone-needed = Шесть цифр не открывают эту карту. Подойдут номер документа и даты.
reading-card-put-back = Если вы вынули карту, вставьте её обратно и не вынимайте.
no-chip = На карте нет чипа
without-chip-title = Карта без чипа
without-chip-cannot = Терминал её не прочтёт, а набранный номер не доказывает, кто вы. Услуги, где нужно удостоверение, по ней недоступны.
without-chip-needed = Нужно удостоверение с чипом. Его выдаёт ASAN xidmət.
without-chip-kinds = Без чипа: { $cards }
without-chip-others = Другие услуги
picture-card-no-chip = Удостоверение без золотистого чипа
ended-by-card-title = Обслуживание прервано
ended-by-card = Во время обслуживания вставили карту. Ради вашей безопасности мы всё закрыли. Можно начать заново.
farewell-seen-title = Спасибо
farewell-seen = Ничего не напечатано. Посмотреть можно снова в любое время.
device-scanner = Сканер MRZ
paper-device-scanner = Сканер MRZ
