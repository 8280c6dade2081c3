# What the citizen reads. A term is said the same way everywhere.
language-name = Русский
language-short = РУ
kiosk-name = Терминал государственных услуг
working = Подождите

# The ways out
cancel = Отмена
    .say = Отмена. Всё будет прекращено.
back = Назад
    .say = Назад, на прошлый экран
onward = Дальше
pay = Оплатить
pay-by-card = Картой
pay-in-cash = Наличными
pay-rest-by-card = Остаток картой
pay-again = Попробовать ещё раз
apply = Получить справку
finish = Закончить
understood = Понятно
earlier = Предыдущие
more = Следующие
key-erase = Стереть
key-letters = ABC
    .say = Буквы
key-digits = 123
    .say = Цифры

# Steps
step-of = Шаг { $step } из { $count }: { $name }
step-choose = Услуга
step-card = Удостоверение
step-details = Данные
step-pay = Оплата
step-apply = Заявление
step-paper = Квитанция
step-slip = Справка

# Pictures, as they are described
picture-card-insert = Удостоверение вставляют в считыватель чипом вниз
picture-card-inside = Удостоверение внутри считывателя
picture-card-take = Удостоверение вынимают из считывателя
picture-card-digits = Шесть отмеченных цифр на удостоверении
picture-terminal-insert = Банковскую карту вставляют в терминал
picture-terminal-pin = Клавиши терминала и ПИН-код
picture-terminal-wait = Терминал работает
picture-terminal-take = Банковскую карту вынимают из терминала
picture-printing = Из принтера выходит квитанция
picture-done = Квитанция и знак «готово»
picture-returned = Деньги возвращаются
picture-checking = Квитанция под лупой
picture-sending = Здание учреждения
picture-sorry = Знак внимания
picture-resting = Табличка «закрыто»
picture-waiting = Часы

# Resting
welcome-greeting = Добро пожаловать!
welcome-language = Язык
welcome-begin = Коснитесь, чтобы начать
    .say = По-русски. Коснитесь, чтобы начать.
out-of-service-title = Терминал сейчас не работает
out-of-service-devices = Услуги недоступны по техническим причинам. Извините.
out-of-service-mains = Нет электричества. Терминал заработает, когда оно появится.
out-of-service-central = Нет связи с центром. Терминал заработает, когда связь восстановится.
out-of-service-door = Терминал обслуживают.
out-of-service-other = Зайдите немного позже. Извините.

# Choosing
choosing-title = Какая услуга вам нужна?
obstacle-no-printer = Не печатается квитанция. Сейчас недоступно.
obstacle-no-terminal = Не работает оплата картой. Сейчас недоступно.
obstacle-no-card-reader = Не работает считыватель. Сейчас недоступно.
obstacle-no-central = Нет связи с центром. Зайдите позже.
obstacle-no-mains = Нет электричества. Сейчас недоступно.
obstacle-door-open = Терминал обслуживают.
obstacle-other = Сейчас недоступно.

# The ID card
presenting-card-title = Вставьте удостоверение личности
presenting-card-look = Сначала запомните 6 цифр кода CAN на удостоверении
presenting-card-insert = Вставьте чипом вниз до упора или положите плашмя на считыватель
presenting-card-leave = Не убирайте его до конца
notice-other-card = Если в считывателе осталась карта, сначала выньте её.
notice-removed = Удостоверение вынули слишком рано. Вставьте снова.
notice-card-absent = Удостоверение не найдено. Вставьте снова.
notice-unsupported = Эта карта не читается. Нужно удостоверение личности.
notice-unreadable = Не удалось прочитать. Переверните и вставьте снова или положите плашмя и не двигайте.
notice-not-genuine = Подлинность не подтверждена. Выньте карту и обратитесь к сотруднику ASAN.
notice-expired = Срок действия удостоверения истёк. Выньте его и вставьте действительное.
notice-two-cards = Вставлены две карты. Выньте обе и вставьте только своё удостоверение.
notice-wrong-key-too-often = Цифры трижды введены неверно. Выньте удостоверение и посмотрите на них.
notice-wrong-document-too-often = Номер и даты трижды не подошли к карте. Выньте её и сверьте их.
notice-card-no-service = Считыватель запускается. Вставьте чуть позже.
notice-card-silent = Удостоверение не отвечает. Выньте и вставьте снова.
notice-card-failed = Чтение не удалось. Выньте и вставьте снова.
notice-timeout = Время вышло. Попробуйте ещё раз.
notice-wrong-key = { $left ->
        [one] Цифры не подошли. Осталась { $left } попытка.
        [few] Цифры не подошли. Осталось { $left } попытки.
        [many] Цифры не подошли. Осталось { $left } попыток.
       *[other] Цифры не подошли. Осталось { $left } попытки.
    }
notice-unknown-account = Такой номер не найден. Проверьте и введите снова.
notice-nothing-due = По этому номеру долга нет.
notice-central-refused = Центр не принял этот номер. Проверьте его.
notice-declined = Банк не принял платёж. Деньги не списаны.
notice-cancelled = Оплата остановлена. Деньги не списаны.
notice-other = Не получилось. Попробуйте ещё раз.
entering-key-title = Введите 6 цифр с удостоверения
entering-key-where = Отдельные 6 цифр, напечатанные на удостоверении (CAN)
entering-key-field = Шесть цифр
reading-card-title = Читаем удостоверение
reading-card-leave = Не трогайте его. Это займёт несколько секунд.

# What is due
quoting-title = Узнаём сумму
quoting-wait = Ждём ответа центра. Немного терпения.
confirming-title = Всё верно?
confirming-free-title = Вам нужна эта справка?
confirming-citizen = Ваше имя
confirming-payer = Плательщик
confirming-amount = Сумма
confirming-fee = Комиссия
confirming-total = К оплате
confirming-free = Бесплатно
confirming-free-explained = Справка будет напечатана сразу здесь.

# Paying
amount-to-pay = К оплате
preparing-payment-title = Готовим оплату
preparing-payment-wait = Банковский терминал запускается. Подождите немного.
terminal-insert-card = Вставьте банковскую карту
terminal-insert-card-do = Вставьте карту в банковский терминал рядом или приложите её.
terminal-enter-pin = Введите ПИН-код на терминале
terminal-enter-pin-do = Прикройте ПИН-код рукой. Потом нажмите зелёную кнопку.
terminal-wait = Подождите
terminal-wait-do = Не вынимайте карту.
terminal-contacting-bank = Соединяемся с банком
terminal-contacting-bank-do = Не вынимайте карту. Это может занять немного времени.
terminal-remove-card = Заберите банковскую карту
terminal-remove-card-do = Выньте карту из терминала и смотрите на экран.
terminal-approved = Банк подтвердил платёж
terminal-approved-do = Заберите банковскую карту.
terminal-declined = Банк не принял платёж
terminal-declined-do = Заберите банковскую карту. Деньги не списаны.
terminal-other = Посмотрите на банковский терминал
terminal-other-do = Сделайте то, что написано на его экране.
stopping-title = Останавливаем оплату
stopping-wait = Банковский терминал останавливает оплату. Подождите немного.
settling-payment-title = Завершаем оплату
settling-payment-wait = Заберите банковскую карту. Готовим квитанцию.
checking-payment-title = Проверяем платёж
checking-payment-wait = Выясняем, списаны ли деньги. Не платите снова, подождите немного.
reversing-payment-title = Возвращаем деньги
reversing-payment-wait = Услугу оказать не удалось. Деньги возвращаются на карту, подождите.

# Cash
picture-cash = Купюру вставляют в приёмник
cash-due = К оплате
cash-inserted = Внесено
cash-remaining = Осталось
preparing-cash-title = Готовим приём наличных
preparing-cash-wait = Подождите немного, деньги пока не вставляйте.
taking-cash-title = Вставляйте купюры по одной
taking-cash-fits = Принимаются купюры до { $most }. Терминал сдачи не выдаёт.
taking-cash-returned = Купюра возвращена. Заберите её и вставьте другую.
taking-cash-no-card = Картой оплатить не удалось. Внесённое засчитано, вставьте остаток.
cash-stopping-wait = Приём денег останавливается. Больше не вставляйте купюры.
surplus-title = Лишние { $surplus }
surplus-explained = Ваша купюра: { $value }. Осталось оплатить: { $due }. Терминал сдачи не выдаёт. Купюра ещё не принята, выберите:
surplus-account = Зачислить излишек на счёт абонента
surplus-claim = Код на излишек в квитанции
    .say = Напечатать в квитанции код на излишек. По нему деньги можно получить в центре.
surplus-return = Вернуть купюру
stacking-note-title = Купюра принимается
stacking-note-wait = Подождите немного.
returning-note-title = Купюра возвращается
returning-note-wait = Заберите купюру.
checking-note-title = Проверяем купюру
checking-note-wait = Выясняем, принята ли купюра. Подождите немного.
farewell-cash-claim-title = Ваши деньги учтены
farewell-cash-claim = Платёж не завершён. По коду на бумаге деньги можно получить в центре.
apology-cash-failed = Приём наличных не работает. Оплата не началась.

# The end
submitting-title = Отправляем данные
submitting-wait = Сообщаем центру. Подождите немного.
filing-claim-title = Записываем обращение
filing-claim-wait = Наши сотрудники проверят платёж. Не платите снова.
printing-title = Идёт печать
printing-wait = Возьмите бумагу, когда она выйдет целиком.
farewell-done-title = Платёж принят
farewell-done = Всё в порядке. Спасибо!
farewell-slip-title = Ваша справка готова
farewell-slip = Подлинность справки можно проверить по QR-коду на ней.
farewell-done-missing = Ваш платёж в центре. Он действителен и без бумаги.
farewell-slip-missing-title = Ваша справка готова
farewell-slip-missing = Она хранится в центре и не пропадёт.
farewell-deferred-title = Платёж принят
farewell-deferred = Связь слабая: центр узнает немного позже. От вас ничего не требуется.
farewell-claim-title = Платёж будет проверен
farewell-claim = Пока неизвестно, списаны ли деньги. Не платите снова: наши сотрудники проверяют.
farewell-reversed-title = Деньги возвращены
farewell-reversed = Услугу оказать не удалось. Деньги возвращены на вашу банковскую карту.
paper-came-printed = Возьмите бумагу внизу.
paper-came-unverified = Проверьте, вышла ли бумага. Если нет, запишите или сфотографируйте код: её напечатает любой терминал.
paper-came-partial = Бумага напечатана не полностью. Запишите или сфотографируйте код: её напечатает любой терминал.
paper-came-not-started = Бумага не напечатана. Запишите или сфотографируйте код: её напечатает любой терминал.
take-card = Заберите удостоверение из считывателя
certificate-number = Номер справки
receipt-number = Номер квитанции
reference-number = Номер обращения
apology-title = Извините
apology-title-nothing-due = У вас нет долга
apology-nothing-taken = Деньги не списаны.
apology-power = Отключилось электричество, и операция прервалась. Можно начать снова.
apology-no-printer = Принтер не работает, мы не можем выдать квитанцию. Зайдите позже.
apology-no-terminal = Банковский терминал не работает. Зайдите немного позже.
apology-no-card-reader = Считыватель удостоверений не работает. Зайдите немного позже.
apology-no-central = Нет связи с центром. Зайдите немного позже.
apology-no-mains = Нет электричества. Приходите, когда оно появится.
apology-door-open = Терминал обслуживают. Зайдите немного позже.
apology-terminal-failed = Банковский терминал не ответил. Оплата не началась.
apology-not-charged = Оплата не завершилась. Можно попробовать снова.
apology-central-refused = Центр не принял это обращение. Обратитесь к сотруднику ASAN.
apology-nothing-due = По этому номеру платить нечего.
apology-unknown-account = Такой номер не найден. Проверьте номер на квитанции.
apology-malformed = Центр не понял данные. Обратитесь к сотруднику ASAN.
apology-cancelled-at-terminal = Оплату остановили на терминале.
apology-card-failed = В считывателе произошла ошибка. Попробуйте ещё раз.
apology-card-unproven = Для этой услуги карта должна подтвердить свою подлинность. Обратитесь к сотруднику ASAN.
apology-timeout = Время вышло. Можно начать снова.
apology-other = Не получилось. Попробуйте ещё раз.
still-there-title = Вы продолжаете?
still-there-explained = Без ответа ваши данные будут стёрты.
still-there-yes = Да, продолжаю
still-there-no = Нет, закончить
sorry-title = Ошибка на экране
sorry-explained = Нажмите «Отмена» и начните снова. Извините.

# Matters: somebody comes back
step-answer = Ответ
notice-unknown-code = Такого кода нет. Проверьте его и введите снова. Если квитанция сегодняшняя, попробуйте немного позже.
finding-matters-title = Ищем ваши платежи
finding-matters-wait = Ждём ответа центра. Немного терпения.
matters-title = Ваши платежи
matters-none-title = Платежей не найдено
matters-none = За последние 90 дней по этому удостоверению платежей не было. Если есть квитанция, проверьте по её коду.
matters-print = Напечатать список
matter-paid = ОПЛАЧЕНО
matter-being-checked = ПРОВЕРЯЕТСЯ
matter-not-paid = НЕ ОПЛАЧЕНО
matter-returned = ДЕНЬГИ ВОЗВРАЩЕНЫ
matter-owed = К ВОЗВРАТУ
matter-other = ПРОВЕРЯЕТСЯ
matter-explained-paid = Деньги приняты, услуга оказана. Больше ничего делать не нужно.
matter-explained-being-checked = Наши сотрудники проверяют. Результат появится здесь. Не платите снова.
matter-explained-not-paid = Деньги с вас не списаны. При желании можно заплатить снова.
matter-explained-returned = Деньги вам возвращены.
matter-explained-owed = Лишнее вам вернут. Обратитесь к сотруднику ASAN с кодом на квитанции.
matter-explained-other = Наши сотрудники проверяют. Результат появится здесь.
farewell-statement-title = Возьмите лист
farewell-statement = На нём состояние ваших платежей на сегодня.

# The second card: a child's, or of somebody who is helped
presenting-card-title-child = Теперь вставьте удостоверение ребёнка
presenting-card-title-another = Теперь вставьте удостоверение того, кому помогаете
presenting-card-take-own = Сначала выньте своё удостоверение
presenting-card-insert-child = Вставьте удостоверение ребёнка чипом вниз или положите плашмя
presenting-card-insert-another = Вставьте его удостоверение чипом вниз или положите плашмя
notice-same-card = Это ваше собственное удостоверение. Вставьте второе.
notice-not-a-child = Это удостоверение взрослого. Вставьте удостоверение ребёнка.
entering-key-title-child = Введите 6 цифр с удостоверения ребёнка
entering-key-title-another = Введите 6 цифр с его удостоверения
confirming-asking = Обращаетесь вы
confirming-subject-child = Справка для этого ребёнка
confirming-subject-another = Справка для этого человека
apology-too-many-codes = Такие коды не найдены. Проверьте код на квитанции и приходите через час.
apology-not-a-resident = Этого человека нет в реестре жителей. Обратитесь к сотруднику ASAN.
apology-not-a-guardian = В реестре не указано, что вы можете обращаться от имени этого человека. Обратитесь к сотруднику ASAN.
# --- a paper once more ---
copy-again = Напечатать снова
asking-copy-title = Запрашиваем документ в центре
asking-copy-wait = Ждём ответа центра. Немного терпения.
printing-copy-title = Печатаем ещё раз
printing-copy-wait = Бумага выйдет внизу. На ней будет написано КОПИЯ.
notice-copy-printed = Возьмите бумагу внизу.
notice-copy-unverified = Проверьте, вышла ли бумага. Если нет, напечатайте снова.
notice-copy-partial = Бумага вышла не целиком. Напечатайте снова.
notice-copy-not-started = Бумага не напечатана. Попробуйте снова.
notice-copy-no-central = Центр не ответил. Попробуйте чуть позже.
notice-copy-refused = Центр не смог выдать эту бумагу. Попробуйте чуть позже.
notice-copy-no-paper = Принтер сейчас не работает. Напечатать можно на любом другом терминале.
matter-issued = ВЫДАНО
matter-explained-issued = Документ выдан. Его можно напечатать здесь ещё раз.

# --- without paper ---
no-paper-title = Принтер сейчас не работает
no-paper = Квитанции на бумаге не будет. Платёж всё равно будет действителен.
no-paper-instead = В конце на экране появится код. Запишите или сфотографируйте его: квитанцию напечатает любой терминал.
no-paper-slip = Справка сейчас не выйдет на бумаге. Она всё равно будет выдана.
no-paper-slip-instead = Потом её можно напечатать на любом терминале по удостоверению личности.
no-paper-go-on = Продолжить без бумаги
carry-qr = QR-код с номером обращения
paper-came-unverified-slip = Проверьте, вышла ли бумага. Если нет, напечатайте её на любом терминале по удостоверению.
paper-came-partial-slip = Бумага вышла не целиком. Напечатайте её на любом терминале по удостоверению. Код сохраните.
paper-came-not-started-slip = Бумага не вышла. Напечатайте её на любом терминале по удостоверению. Код сохраните.
paper-came-unfiled = Запишите или сфотографируйте код. Покажите его сотруднику ASAN.
