extension ReceiptText {
    /// Heading and text, parted by a bar. Places: receiver, what, when, phone.
    static let receiptsInNynorsk = """
        @taken
        family: Vi har fått det | Vi har fått {what} {when}. Vi sender det til {receiver}. Du får vite det når dei har fått det.
        clinician: Teke imot | {what} er teke imot {when} og skal til {receiver}. Du får vite det når mottakaren har fått det.
        @delivered
        family: Det er kome fram | {receiver} fekk {what} {when}. Du får vite det når nokon har lese det.
        clinician: Levert | {receiver} fekk {what} {when}. Systemet deira har ikkje svara enno.
        @accepted
        family: Det er kome fram | {receiver} har fått {what} og lagt det klart for dei som skal lese det. Det var {when}.
        clinician: Godteke | Systemet hos {receiver} godtok {what} {when}. Det ligg klart for dei som skal lese det.
        @opened
        family: Nokon har lese det | {receiver} las {what} {when}. Har du spørsmål, ring {phone}.
        clinician: Lese | {receiver} opna {what} {when}.
        @late
        family: Det tek lengre tid | {what} er ikkje kome fram til {receiver} enno. Vi prøver framleis. Hastar det, ring {phone}.
        clinician: Ikkje stadfest | {receiver} har ikkje stadfest {what} sidan {when}. Vi prøver framleis. Hastar det, ring {phone}.
        @notOpened
        family: Ingen har lese det enno | Ingen hos {receiver} har lese {what} enno. Vi har sagt frå til den neste på lista. Hastar det, ring {phone}.
        clinician: Ikkje opna | Ingen hos {receiver} har opna {what} sidan {when}. Neste på lista har fått melding. Telefon: {phone}.
        @refusedTechnically
        family: Det kom ikkje fram | {receiver} kunne ikkje opne {what}. Det er ein feil med data, ikkje eit nei til hjelp. Vi rettar det opp og seier frå.
        clinician: Teknisk feil | Systemet hos {receiver} tok ikkje imot {what}. Dette er ein teknisk feil, ikkje eit svar på tilvisinga. Rett feilen og send på nytt.
        @attachmentRefused
        family: Vi kan ikkje opne fila | Vi fekk ikkje opna {what}. Ta eit bilete av arket, eller lagre det som PDF, og send det på nytt.
        clinician: Vedlegg stoppa | {what} kan ikkje opnast hos {receiver}. Lagre det som PDF utan passord, og send på nytt.
        @attachmentConverted
        family: Vi laga ein kopi som kan lesast | {receiver} kan ikkje opne {what}. Vi sende ein kopi som PDF saman med det du sende.
        clinician: Vedlegg gjort om | {receiver} kan ikkje opne {what}. Vi sende ein kopi som PDF ved sida av originalen.
        @answered
        family: Du har fått svar | {receiver} svara deg {when}. Logg inn for å lese svaret.
        clinician: Svar motteke | {receiver} svara på {what} {when}.
        @forwarded
        family: Det er sendt til rett stad | {what} kom først til feil stad. No har {receiver} fått det. Du treng ikkje å gjere noko.
        clinician: Sendt vidare | {what} er sendt til {receiver} {when}. Fristen går som før.
        @cancelled
        family: Det er trekt tilbake | {what} gjeld ikkje lenger. {receiver} fekk vite det {when}.
        clinician: Trekt tilbake | {what} gjeld ikkje lenger. {receiver} fekk vite det {when}.
        @consentMissing
        family: Vi treng eit ja frå deg | {receiver} kan ikkje få {what} før du seier ja. Logg inn og svar ja eller nei, eller ring {phone}.
        clinician: Samtykke manglar | {what} vart ikkje sendt til {receiver}. Be om samtykke, eller drøft saka utan namn.
        @consentWithdrawn
        family: Du har trekt samtykket | Vi deler ikkje meir med {receiver}. Vi seier frå til deg kva som skjer med det dei har fått.
        clinician: Samtykket er trekt | Familien trekte samtykket {when}. Ikkje del meir med {receiver}. Svar på kva som skjer med det dei har fått.
        @withdrawalStopped
        family: Vi stoppa det | {what} vart ikkje sendt til {receiver}. Dei har ikkje sett noko.
        clinician: Stoppa | {what} vart stoppa {when} og kom ikkje fram til {receiver}.
        @withdrawalDeleted
        family: Det er sletta | {receiver} har sletta {what}. Det var {when}.
        clinician: Sletta | {receiver} har sletta {what} {when}.
        @withdrawalKept
        family: Noko må dei ta vare på | {receiver} må etter lova ta vare på {what}. Dei bruker det ikkje til noko meir. Spør dei på {phone}.
        clinician: Halde på etter lova | {receiver} må etter lova ta vare på {what}. Familien har fått vite det.
        @reportSent
        family: Rapporten er send | {receiver} har fått {what}. Dei fekk han {when}. Du kan lese han når du loggar inn.
        clinician: Rapport levert | {receiver} fekk {what} {when}. Du får vite det når nokon har opna han.
        @dischargeSent
        family: Du er ferdig hos oss | {receiver} har fått vite kva vi vart samde om. Det står i {what}. Ring {phone} viss du lurer på noko.
        clinician: Epikrise levert | {receiver} fekk {what} {when}. Vi ventar på svar om kven som følgjer opp.
        @followUpTaken
        family: Nokon hjelper deg vidare | {receiver} skal hjelpe deg vidare. Telefonen dit er {phone}.
        clinician: Oppfølging teken | {receiver} har sagt ja til å følgje opp. Telefon: {phone}.
        @followUpNotTaken
        family: Ingen har teke over enno | Ingen hos {receiver} har sagt ja til å hjelpe deg vidare enno. Vi har minna dei om det. Ring {phone} viss det hastar.
        clinician: Oppfølging ikkje teken | {receiver} har ikkje svara på kven som følgjer opp. Ring {phone}, og avtal det.
        @copyFailed
        clinician: Ein kopi kom ikkje fram | {receiver} har ikkje fått {what}. Dei andre mottakarane har fått det. Vi prøver framleis.
        """
}
