# What the citizen reads. A term is said the same way everywhere.
language-name = Azərbaycanca
language-short = AZ
kiosk-name = Dövlət xidmətləri terminalı
working = Gözləyin

# The ways out
cancel = Ləğv et
    .say = Ləğv et. Bütün əməliyyat dayandırılır.
back = Geri
    .say = Geri, əvvəlki ekrana
onward = Davam et
pay = Ödə
pay-by-card = Kartla ödə
pay-in-cash = Nağd ödə
pay-rest-by-card = Qalanını kartla ödə
pay-again = Yenidən cəhd et
apply = Arayışı al
finish = Bitir
understood = Aydındır
earlier = Əvvəlki
more = Növbəti
key-erase = Sil
key-letters = ABC
    .say = Hərflər
key-digits = 123
    .say = Rəqəmlər

# Steps
step-of = Addım { $step } / { $count }: { $name }
step-choose = Xidmət
step-card = Vəsiqə
step-details = Məlumat
step-pay = Ödəniş
step-apply = Müraciət
step-paper = Qəbz
step-slip = Arayış

# Pictures, as they are described
picture-card-insert = Vəsiqə çipi aşağı olmaqla oxuyucuya salınır
picture-card-inside = Vəsiqə oxuyucunun içindədir
picture-card-take = Vəsiqə oxuyucudan götürülür
picture-card-digits = Vəsiqənin üzərində işarələnmiş altı rəqəm
picture-terminal-insert = Bank kartı terminala salınır
picture-terminal-pin = Terminalın düymələri və PIN kod
picture-terminal-wait = Terminal işləyir
picture-terminal-take = Bank kartı terminaldan götürülür
picture-printing = Printerdən qəbz çıxır
picture-done = Qəbz və təsdiq işarəsi
picture-returned = Pul geri qayıdır
picture-checking = Qəbz böyüdücü şüşə altında
picture-sending = Dövlət idarəsinin binası
picture-sorry = Diqqət işarəsi
picture-resting = Bağlıdır lövhəsi
picture-waiting = Saat

# Resting
welcome-greeting = Xoş gəlmisiniz!
welcome-language = Dil
welcome-begin = Başlamaq üçün toxunun
    .say = Azərbaycanca. Başlamaq üçün toxunun.
out-of-service-title = Terminal hazırda işləmir
out-of-service-devices = Texniki səbəbdən xidmət göstərilmir. Üzr istəyirik.
out-of-service-mains = Elektrik enerjisi yoxdur. Enerji bərpa olunanda terminal yenidən işləyəcək.
out-of-service-central = Mərkəzlə əlaqə yoxdur. Əlaqə bərpa olunanda terminal yenidən işləyəcək.
out-of-service-door = Terminala texniki xidmət göstərilir.
out-of-service-other = Bir azdan yenidən yoxlayın. Üzr istəyirik.

# Choosing
choosing-title = Hansı xidmət lazımdır?
obstacle-no-printer = Qəbz çap edilə bilmir. Hazırda mümkün deyil.
obstacle-no-terminal = Kartla ödəniş işləmir. Hazırda mümkün deyil.
obstacle-no-card-reader = Vəsiqə oxuyucusu işləmir. Hazırda mümkün deyil.
obstacle-no-central = Mərkəzlə əlaqə yoxdur. Bir azdan yoxlayın.
obstacle-no-mains = Elektrik enerjisi yoxdur. Hazırda mümkün deyil.
obstacle-door-open = Terminala texniki xidmət göstərilir.
obstacle-other = Hazırda mümkün deyil.

# The ID card
presenting-card-title = Şəxsiyyət vəsiqənizi oxuyucuya salın
presenting-card-look = Əvvəlcə vəsiqədəki 6 rəqəmli CAN kodunu yadda saxlayın
presenting-card-insert = Çipi aşağı olmaqla axıra qədər salın və ya oxuyucuya düz qoyun
presenting-card-leave = Sonadək oxuyucudan götürməyin
notice-other-card = Oxuyucuda başqa kart varsa, əvvəlcə onu çıxarın.
notice-removed = Vəsiqə vaxtından əvvəl çıxarıldı. Yenidən salın.
notice-card-absent = Vəsiqə tapılmadı. Yenidən salın.
notice-unsupported = Bu kart oxunmur. Şəxsiyyət vəsiqəsi salın.
notice-unreadable = Vəsiqə oxunmadı. Çevirib yenidən salın və ya oxuyucuya düz qoyub tərpətməyin.
notice-not-genuine = Vəsiqənin həqiqiliyi təsdiqlənmədi. Çıxarın və ASAN xidmət əməkdaşına müraciət edin.
notice-expired = Vəsiqənin etibarlılıq müddəti bitib. Çıxarın, etibarlı vəsiqə salın.
notice-two-cards = İki kart salınıb. Hər ikisini çıxarın, sonra yalnız öz vəsiqənizi salın.
notice-wrong-key-too-often = Rəqəmlər üç dəfə səhv yazıldı. Vəsiqəni çıxarıb rəqəmlərə baxın.
notice-wrong-document-too-often = Nömrə və tarixlər üç dəfə vəsiqəyə uyğun gəlmədi. Vəsiqəni çıxarıb yoxlayın.
notice-card-no-service = Oxuyucu işə düşür. Bir azdan yenidən salın.
notice-card-silent = Vəsiqə cavab vermir. Çıxarıb yenidən salın.
notice-card-failed = Oxuma alınmadı. Çıxarıb yenidən salın.
notice-timeout = Vaxt bitdi. Yenidən cəhd edin.
notice-wrong-key = { $left ->
        [one] Rəqəmlər uyğun gəlmir. { $left } cəhd qalıb.
       *[other] Rəqəmlər uyğun gəlmir. { $left } cəhd qalıb.
    }
notice-unknown-account = Belə nömrə tapılmadı. Yoxlayıb yenidən yazın.
notice-nothing-due = Bu nömrə üzrə borc yoxdur.
notice-central-refused = Mərkəz bu nömrəni qəbul etmədi. Yoxlayın.
notice-declined = Bank ödənişi qəbul etmədi. Pul tutulmayıb.
notice-cancelled = Ödəniş dayandırıldı. Pul tutulmayıb.
notice-other = Alınmadı. Yenidən cəhd edin.
entering-key-title = Vəsiqədəki 6 rəqəmi yazın
entering-key-where = Vəsiqənin üzərində ayrıca yazılmış 6 rəqəm (CAN)
entering-key-field = Altı rəqəm
reading-card-title = Vəsiqə oxunur
reading-card-leave = Vəsiqəyə toxunmayın. Bu, bir neçə saniyə çəkir.

# What is due
quoting-title = Məbləğ öyrənilir
quoting-wait = Mərkəzdən cavab gözləyirik. Bir az səbir edin.
confirming-title = Hər şey düzgündürmü?
confirming-free-title = Bu arayışı istəyirsiniz?
confirming-citizen = Sizin adınız
confirming-payer = Ödəyici
confirming-amount = Məbləğ
confirming-fee = Xidmət haqqı
confirming-total = Ödəniləcək
confirming-free = Pulsuz
confirming-free-explained = Arayış dərhal burada çap olunacaq.

# Paying
amount-to-pay = Ödəniləcək
preparing-payment-title = Ödəniş hazırlanır
preparing-payment-wait = Bank terminalı işə düşür. Bir az gözləyin.
terminal-insert-card = Bank kartınızı terminala salın
terminal-insert-card-do = Kartı yanındakı bank terminalına salın və ya yaxınlaşdırın.
terminal-enter-pin = PIN kodu terminalda yığın
terminal-enter-pin-do = PIN kodu əlinizlə örtün. Sonra yaşıl düyməni basın.
terminal-wait = Gözləyin
terminal-wait-do = Kartı çıxarmayın.
terminal-contacting-bank = Bankla əlaqə qurulur
terminal-contacting-bank-do = Kartı çıxarmayın. Bu, bir az vaxt apara bilər.
terminal-remove-card = Bank kartınızı götürün
terminal-remove-card-do = Kartı terminaldan götürün və ekrana baxın.
terminal-approved = Bank ödənişi təsdiqlədi
terminal-approved-do = Bank kartınızı götürün.
terminal-declined = Bank ödənişi qəbul etmədi
terminal-declined-do = Bank kartınızı götürün. Pul tutulmayıb.
terminal-other = Bank terminalına baxın
terminal-other-do = Terminalın ekranında yazılanı edin.
stopping-title = Ödəniş dayandırılır
stopping-wait = Bank terminalı ödənişi dayandırır. Bir az gözləyin.
settling-payment-title = Ödəniş tamamlanır
settling-payment-wait = Bank kartınızı götürün. Qəbz hazırlanır.
checking-payment-title = Ödəniş yoxlanılır
checking-payment-wait = Pulun tutulub-tutulmadığını öyrənirik. Yenidən ödəməyin, bir az gözləyin.
reversing-payment-title = Pul geri qaytarılır
reversing-payment-wait = Xidmət göstərilə bilmədi. Pul kartınıza qaytarılır, gözləyin.

# Cash
picture-cash = Əskinas qəbulediciyə salınır
cash-due = Ödəniləcək
cash-inserted = Salınıb
cash-remaining = Qalır
preparing-cash-title = Nağd ödəniş hazırlanır
preparing-cash-wait = Bir az gözləyin, hələ pul salmayın.
taking-cash-title = Əskinasları bir-bir salın
taking-cash-fits = { $most }-a qədər əskinas qəbul olunur. Terminal qalıq qaytarmır.
taking-cash-returned = Əskinas qaytarıldı. Onu götürün, başqasını salın.
taking-cash-no-card = Kartla ödəniş alınmadı. Saldığınız pul hesabdadır, qalanını salın.
cash-stopping-wait = Pul qəbulu dayandırılır. Daha əskinas salmayın.
surplus-title = { $surplus } artıq qalır
surplus-explained = Saldığınız əskinas: { $value }. Ödənilməli qalan: { $due }. Terminal qalıq qaytarmır. Əskinas hələ götürülməyib, seçin:
surplus-account = Artığı abonent hesabıma yaz
surplus-claim = Artıq üçün qəbzdə kod ver
    .say = Artıq məbləğ üçün qəbzdə kod ver. Pulu həmin kodla mərkəzdən ala bilərsiniz.
surplus-return = Əskinası qaytar
stacking-note-title = Əskinas götürülür
stacking-note-wait = Bir az gözləyin.
returning-note-title = Əskinas qaytarılır
returning-note-wait = Əskinası götürün.
checking-note-title = Əskinas yoxlanılır
checking-note-wait = Əskinasın götürülüb-götürülmədiyini öyrənirik. Bir az gözləyin.
farewell-cash-claim-title = Pulunuz qeydə alındı
farewell-cash-claim = Ödəniş tamamlanmadı. Kağızdakı kodla pulunuzu mərkəzdən ala bilərsiniz.
apology-cash-failed = Nağd pul qəbulu işləmir. Ödəniş başlamadı.

# The end
submitting-title = Məlumat göndərilir
submitting-wait = Mərkəzə məlumat veririk. Bir az gözləyin.
filing-claim-title = Müraciət qeydə alınır
filing-claim-wait = Əməkdaşlarımız ödənişi yoxlayacaq. Yenidən ödəməyin.
printing-title = Çap olunur
printing-wait = Kağızı tam çıxandan sonra götürün.
farewell-done-title = Ödəniş qəbul olundu
farewell-done = Hər şey qaydasındadır. Təşəkkür edirik!
farewell-slip-title = Arayışınız hazırdır
farewell-slip = Arayışdakı QR kodla onun həqiqiliyini yoxlamaq olar.
farewell-done-missing = Ödənişiniz mərkəzə çatıb. Kağız olmadan da qüvvədədir.
farewell-slip-missing-title = Arayışınız hazırdır
farewell-slip-missing = O, mərkəzdədir və itməyəcək.
farewell-deferred-title = Ödəniş qəbul olundu
farewell-deferred = Əlaqə zəifdir: mərkəzə bir az sonra xəbər veriləcək. Sizdən heç nə tələb olunmur.
farewell-claim-title = Ödəniş yoxlanılacaq
farewell-claim = Pulun tutulub-tutulmadığı hələ məlum deyil. Yenidən ödəməyin: əməkdaşlarımız yoxlayır.
farewell-reversed-title = Pul geri qaytarıldı
farewell-reversed = Xidmət göstərilə bilmədi. Pul bank kartınıza qaytarıldı.
paper-came-printed = Kağızı aşağıdan götürün.
paper-came-unverified = Kağızın çıxdığını yoxlayın. Çıxmayıbsa, kodu yazıb saxlayın və ya şəklini çəkin: istənilən terminal kağızı çap edir.
paper-came-partial = Kağız tam çap olunmadı. Kodu yazıb saxlayın və ya şəklini çəkin: istənilən terminal kağızı çap edir.
paper-came-not-started = Kağız çap olunmadı. Kodu yazıb saxlayın və ya şəklini çəkin: istənilən terminal kağızı çap edir.
take-card = Vəsiqəni oxuyucudan götürün
certificate-number = Arayışın nömrəsi
receipt-number = Qəbzin nömrəsi
reference-number = İstinad
apology-title = Üzr istəyirik
apology-title-nothing-due = Borcunuz yoxdur
apology-nothing-taken = Sizdən pul tutulmayıb.
apology-power = Elektrik kəsildi və əməliyyat yarımçıq qaldı. Yenidən başlaya bilərsiniz.
apology-no-printer = Printer işləmir, qəbz verə bilmirik. Bir azdan yenidən yoxlayın.
apology-no-terminal = Bank terminalı işləmir. Bir azdan yenidən yoxlayın.
apology-no-card-reader = Vəsiqə oxuyucusu işləmir. Bir azdan yenidən yoxlayın.
apology-no-central = Mərkəzlə əlaqə yoxdur. Bir azdan yenidən yoxlayın.
apology-no-mains = Elektrik enerjisi yoxdur. Enerji bərpa olunanda yenidən gəlin.
apology-door-open = Terminala texniki xidmət göstərilir. Bir azdan yenidən yoxlayın.
apology-terminal-failed = Bank terminalı cavab vermədi. Ödəniş başlamadı.
apology-not-charged = Ödəniş tamamlanmadı. Yenidən cəhd edə bilərsiniz.
apology-central-refused = Mərkəz bu müraciəti qəbul etmədi. ASAN xidmət əməkdaşına müraciət edin.
apology-nothing-due = Bu nömrə üzrə ödəniləcək məbləğ yoxdur.
apology-unknown-account = Belə nömrə tapılmadı. Qəbzdəki nömrəni yoxlayın.
apology-malformed = Mərkəz məlumatı başa düşmədi. ASAN xidmət əməkdaşına müraciət edin.
apology-cancelled-at-terminal = Ödəniş terminalda dayandırıldı.
apology-card-failed = Vəsiqə oxuyucusunda xəta baş verdi. Yenidən cəhd edin.
apology-card-unproven = Bu xidmət üçün həqiqiliyi təsdiqlənən vəsiqə lazımdır. ASAN xidmət əməkdaşına müraciət edin.
apology-timeout = Vaxt bitdi. Yenidən başlaya bilərsiniz.
apology-other = Əməliyyat alınmadı. Yenidən cəhd edin.
still-there-title = Davam edirsiniz?
still-there-explained = Cavab verməsəniz, məlumatlarınız silinəcək.
still-there-yes = Bəli, davam edirəm
still-there-no = Xeyr, bitir
sorry-title = Ekranda xəta oldu
sorry-explained = Ləğv edib yenidən başlayın. Üzr istəyirik.

# Matters: somebody comes back
step-answer = Cavab
notice-unknown-code = Bu kod tapılmadı. Kodu yoxlayıb yenidən yazın. Qəbz bu gün verilibsə, bir az sonra yoxlayın.
finding-matters-title = Ödənişləriniz axtarılır
finding-matters-wait = Mərkəzdən cavab gözləyirik. Bir az səbir edin.
matters-title = Ödənişləriniz
matters-none-title = Ödəniş tapılmadı
matters-none = Son 90 gündə bu vəsiqə ilə ödəniş olmayıb. Qəbziniz varsa, oradakı kodla yoxlayın.
matters-print = Siyahını çap et
matter-paid = ÖDƏNİLİB
matter-being-checked = YOXLANILIR
matter-not-paid = ÖDƏNİLMƏYİB
matter-returned = PUL QAYTARILIB
matter-owed = SİZƏ QALIQ VAR
matter-other = YOXLANILIR
matter-explained-paid = Pul qəbul olunub, xidmət göstərilib. Başqa heç nə etmək lazım deyil.
matter-explained-being-checked = Əməkdaşlarımız yoxlayır. Nəticə burada görünəcək. Yenidən ödəməyin.
matter-explained-not-paid = Sizdən pul tutulmayıb. İstəsəniz, yenidən ödəyə bilərsiniz.
matter-explained-returned = Pulunuz geri qaytarılıb.
matter-explained-owed = Artıq verdiyiniz pul sizə qaytarılacaq. Qəbzdəki kodla ASAN xidmət əməkdaşına müraciət edin.
matter-explained-other = Əməkdaşlarımız yoxlayır. Nəticə burada görünəcək.
farewell-statement-title = Vərəqi götürün
farewell-statement = Ödənişlərin bu günkü vəziyyəti onun üzərindədir.

# The second card: a child's, or of somebody who is helped
presenting-card-title-child = İndi uşağın vəsiqəsini salın
presenting-card-title-another = İndi kömək etdiyiniz şəxsin vəsiqəsini salın
presenting-card-take-own = Əvvəlcə öz vəsiqənizi çıxarın
presenting-card-insert-child = Uşağın vəsiqəsini çipi aşağı salın və ya oxuyucuya düz qoyun
presenting-card-insert-another = Onun vəsiqəsini çipi aşağı salın və ya oxuyucuya düz qoyun
notice-same-card = Bu, sizin öz vəsiqənizdir. İkinci vəsiqəni salın.
notice-not-a-child = Bu vəsiqə yetkin şəxsindir. Uşağın vəsiqəsini salın.
entering-key-title-child = Uşağın vəsiqəsindəki 6 rəqəmi yazın
entering-key-title-another = Onun vəsiqəsindəki 6 rəqəmi yazın
confirming-asking = Siz müraciət edirsiniz
confirming-subject-child = Arayış bu uşaq üçündür
confirming-subject-another = Arayış bu şəxs üçündür
apology-too-many-codes = Bu kodlar tapılmadı. Qəbzdəki kodu yoxlayıb bir saatdan sonra yenidən gəlin.
apology-not-a-resident = Bu şəxs sakinlərin reyestrində tapılmadı. ASAN xidmət əməkdaşına müraciət edin.
apology-not-a-guardian = Reyestrdə bu şəxsin adından müraciət etmək hüququnuz göstərilməyib. ASAN xidmət əməkdaşına müraciət edin.
# --- a paper once more ---
copy-again = Təkrar çap et
asking-copy-title = Kağız mərkəzdən istənilir
asking-copy-wait = Mərkəzdən cavab gözləyirik. Bir az səbir edin.
printing-copy-title = Kağız təkrar çap olunur
printing-copy-wait = Kağız aşağıdan çıxacaq. Üzərində TƏKRAR yazılır.
notice-copy-printed = Kağızı aşağıdan götürün.
notice-copy-unverified = Kağızın çıxdığını yoxlayın. Çıxmayıbsa, yenidən çap edin.
notice-copy-partial = Kağız tam çap olunmadı. Yenidən çap edin.
notice-copy-not-started = Kağız çap olunmadı. Yenidən cəhd edin.
notice-copy-no-central = Mərkəzdən cavab gəlmədi. Bir az sonra yenidən cəhd edin.
notice-copy-refused = Mərkəz bu kağızı verə bilmədi. Bir az sonra yenidən cəhd edin.
notice-copy-no-paper = Printer indi işləmir. Kağızı istənilən başqa terminalda çap edə bilərsiniz.
matter-issued = VERİLİB
matter-explained-issued = Sənəd verilib. Onu burada təkrar çap edə bilərsiniz.

# --- without paper ---
no-paper-title = Printer indi işləmir
no-paper = Kağız qəbz çıxmayacaq. Ödəniş yenə də qüvvədə olacaq.
no-paper-instead = Sonda ekranda kod görünəcək. Kodu yazıb saxlayın və ya şəklini çəkin: istənilən terminal qəbzi çap edir.
no-paper-slip = Arayış indi kağıza çıxmayacaq. O, yenə də hazırlanacaq.
no-paper-slip-instead = Sonra onu istənilən terminalda şəxsiyyət vəsiqəsi ilə çap edə bilərsiniz.
no-paper-go-on = Kağızsız davam et
carry-qr = İstinad nömrəsi olan QR kod
paper-came-unverified-slip = Kağızın çıxdığını yoxlayın. Çıxmayıbsa, istənilən terminalda vəsiqə ilə çap edin.
paper-came-partial-slip = Kağız tam çap olunmadı. İstənilən terminalda vəsiqə ilə çap edin. Kodu saxlayın.
paper-came-not-started-slip = Kağız çap olunmadı. İstənilən terminalda vəsiqə ilə çap edin. Kodu saxlayın.
paper-came-unfiled = Kodu yazıb saxlayın və ya şəklini çəkin. Onu ASAN xidmət əməkdaşına göstərin.
