# The key of the ID card, in other ways than its six digits
entering-key-where-scan = Ayrıca yazılmış 6 rəqəm (CAN). Və ya < işarəli sətirləri skanerə göstərin.
entering-key-lost = Altı rəqəmi tapa bilmirəm
finding-digits-title = Altı rəqəm haradadır?
finding-digits-where = Vəsiqəni çıxarıb hər iki üzünə baxın: ayrıca yazılmış düz 6 rəqəm, çox vaxt yanında CAN yazılır. Sonra yenidən salın.
finding-digits-not-there = Belə rəqəm yoxdur? Sənədin nömrəsi, doğum və etibarlılıq tarixi ilə davam edin.
finding-digits-document = Sənəd nömrəsini yaz
document-number-label = Sənədin nömrəsi
document-number-hint = Vəsiqədəki kimi, hərflərlə birlikdə. Baxmaq üçün vəsiqəni çıxara bilərsiniz.
document-birth-label = Doğum tarixi
document-birth-hint = Gün, ay, il: vəsiqədə yazıldığı kimi.
document-expiry-label = Etibarlılıq tarixi
document-expiry-hint = Etibarlılığın son günü: gün, ay, il. Sonra vəsiqəni yenidən salın.
notice-date-wrong = Belə tarix yoxdur. Vəsiqəyə baxıb yenidən yazın.
notice-birth-wrong = Doğum tarixi belə ola bilməz. Yenidən yazın.
notice-expiry-wrong = Bu, etibarlılıq tarixi deyil. “Etibarlıdır” sözünü axtarın.
notice-misread = Vəsiqə oxunmadı. Onu skanerə düz qoyub yenidən cəhd edin.
notice-wrong-zone = Bu, başqa vəsiqədir. Oxuyucudakını skan edin və ya rəqəmləri yazın.
notice-wrong-document = { $left ->
        [one] Nömrə və ya tarixlər vəsiqəyə uyğun deyil. { $left } cəhd qalıb.
       *[other] Nömrə və ya tarixlər vəsiqəyə uyğun deyil. { $left } cəhd qalıb.
    }
notice-zone-needed = Altı rəqəm bu vəsiqəni açmır. Sənədin nömrəsi və tarixlər kifayətdir.
reading-card-put-back = Vəsiqəni çıxarmısınızsa, yenidən salın və oxuyucuda saxlayın.
no-chip = Vəsiqədə çip yoxdur
without-chip-title = Çipsiz vəsiqə
without-chip-cannot = Bu terminal onu oxuya bilmir, yazılan nömrə isə şəxsiyyəti təsdiqləmir. Vəsiqə tələb edən xidmətlər onunla mümkün deyil.
without-chip-needed = Çipli şəxsiyyət vəsiqəsi lazımdır. Onu ASAN xidmətdə almaq olar.
without-chip-kinds = Çipi yoxdur: { $cards }
without-chip-others = Digər xidmətlər
picture-card-no-chip = Qızılı çipi olmayan şəxsiyyət vəsiqəsi
ended-by-card-title = Xidmət dayandırıldı
ended-by-card = Xidmət zamanı oxuyucuya kart salındı. Məlumatlarınızın təhlükəsizliyi üçün hər şeyi bağladıq. Yenidən başlaya bilərsiniz.
farewell-seen-title = Təşəkkür edirik
farewell-seen = Heç nə çap edilmədi. İstədiyiniz vaxt yenidən baxa bilərsiniz.
device-scanner = MRZ skaneri
paper-device-scanner = MRZ skaneri
