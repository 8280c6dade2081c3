# The centre's document on A4, on kiosks that have a printer for it.
printing-document-title = Sənəd çap olunur
printing-document-wait = A4 vərəqi sənəd printerindən çıxır. Tam çıxanda götürün.
paper-came-printed-sheet = A4 vərəqini sənəd printerindən götürün.
paper-came-unverified-sheet = Vərəqin sənəd printerindən çıxdığını yoxlayın. Çıxmayıbsa, istənilən terminalda vəsiqə ilə çap edin.
paper-came-slip-instead = A4 vərəqi çap olunmadı. Əvəzində aşağıdakı kağızı götürün: QR kodu eyni şeyi təsdiq edir.
device-document = Sənəd printeri
paper-device-document = Sənəd printeri
check-formats = Formatlar
check-media = A4 kağızı
check-state = Vəziyyət
advice-document-answer = Printerin qidasını və şəbəkə kabelini, konfiqurasiyada [document] url-i yoxlayın.
advice-document-formats = Bu printer nə PDF, nə də PWG Raster qəbul edir: IPP Everywhere və ya Mopria sertifikatlı printer qoşun.
advice-document-media = Qaba A4 kağızı qoyun və printerdə qabı A4 kimi təyin edin.
advice-document-state = Printerin öz ekranına baxın: kağız, qapaq, ilişmə, toner.
