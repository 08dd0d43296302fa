extension ReceiptText {
    /// Heading and text, parted by a bar. Places: receiver, what, when, phone.
    static let receiptsInBokmal = """
        @taken
        family: Vi har fått det | Vi har fått {what} {when}. Vi sender det til {receiver}. Du får vite det når de har fått det.
        clinician: Tatt imot | {what} er tatt imot {when} og skal til {receiver}. Du får beskjed når mottakeren har fått det.
        @delivered
        family: Det er kommet fram | {receiver} fikk {what} {when}. Du får vite det når noen har lest det.
        clinician: Levert | {receiver} fikk {what} {when}. Systemet deres har ikke svart ennå.
        @accepted
        family: Det er kommet fram | {receiver} har fått {what} og lagt det klart for dem som skal lese det. Det var {when}.
        clinician: Godtatt | Systemet hos {receiver} godtok {what} {when}. Det ligger klart for dem som skal lese det.
        @opened
        family: Noen har lest det | {receiver} leste {what} {when}. Har du spørsmål, ring {phone}.
        clinician: Lest | {receiver} åpnet {what} {when}.
        @late
        family: Det tar lengre tid | {what} er ikke kommet fram til {receiver} ennå. Vi prøver fortsatt. Haster det, ring {phone}.
        clinician: Ikke bekreftet | {receiver} har ikke bekreftet {what} siden {when}. Vi prøver fortsatt. Haster det, ring {phone}.
        @notOpened
        family: Ingen har lest det ennå | Ingen hos {receiver} har lest {what} ennå. Vi har sagt fra til den neste på listen. Haster det, ring {phone}.
        clinician: Ikke åpnet | Ingen hos {receiver} har åpnet {what} siden {when}. Neste på listen har fått beskjed. Telefon: {phone}.
        @refusedTechnically
        family: Det kom ikke fram | {receiver} kunne ikke åpne {what}. Det er en feil med data, ikke et nei til hjelp. Vi retter det opp og sier fra.
        clinician: Teknisk feil | Systemet hos {receiver} tok ikke imot {what}. Dette er en teknisk feil, ikke et svar på henvisningen. Rett feilen og send på nytt.
        @attachmentRefused
        family: Vi kan ikke åpne filen | Vi fikk ikke åpnet {what}. Ta et bilde av arket, eller lagre det som PDF, og send det på nytt.
        clinician: Vedlegg stoppet | {what} kan ikke åpnes hos {receiver}. Lagre det som PDF uten passord, og send på nytt.
        @attachmentConverted
        family: Vi laget en kopi som kan leses | {receiver} kan ikke åpne {what}. Vi sendte en kopi som PDF sammen med det du sendte.
        clinician: Vedlegg gjort om | {receiver} kan ikke åpne {what}. Vi sendte en kopi som PDF ved siden av originalen.
        @answered
        family: Du har fått svar | {receiver} svarte deg {when}. Logg inn for å lese svaret.
        clinician: Svar mottatt | {receiver} svarte på {what} {when}.
        @forwarded
        family: Det er sendt til rett sted | {what} kom først til feil sted. Nå har {receiver} fått det. Du trenger ikke å gjøre noe.
        clinician: Sendt videre | {what} er sendt til {receiver} {when}. Fristen løper som før.
        @cancelled
        family: Det er trukket tilbake | {what} gjelder ikke lenger. {receiver} fikk vite det {when}.
        clinician: Trukket tilbake | {what} gjelder ikke lenger. {receiver} fikk vite det {when}.
        @consentMissing
        family: Vi trenger et ja fra deg | {receiver} kan ikke få {what} før du sier ja. Logg inn og svar ja eller nei, eller ring {phone}.
        clinician: Samtykke mangler | {what} ble ikke sendt til {receiver}. Be om samtykke, eller drøft saken uten navn.
        @consentWithdrawn
        family: Du har trukket samtykket | Vi deler ikke mer med {receiver}. Vi sier fra til deg hva som skjer med det de har fått.
        clinician: Samtykket er trukket | Familien trakk samtykket {when}. Ikke del mer med {receiver}. Svar på hva som skjer med det de har fått.
        @withdrawalStopped
        family: Vi stoppet det | {what} ble ikke sendt til {receiver}. De har ikke sett noe.
        clinician: Stoppet | {what} ble stoppet {when} og kom ikke fram til {receiver}.
        @withdrawalDeleted
        family: Det er slettet | {receiver} har slettet {what}. Det ble gjort {when}.
        clinician: Slettet | {receiver} har slettet {what} {when}.
        @withdrawalKept
        family: Noe må de ta vare på | {receiver} må etter loven ta vare på {what}. De bruker det ikke til noe mer. Spør dem på {phone}.
        clinician: Beholdt etter loven | {receiver} må etter loven ta vare på {what}. Familien har fått beskjed.
        @reportSent
        family: Rapporten er sendt | {receiver} har fått {what}. De fikk den {when}. Du kan lese den når du logger inn.
        clinician: Rapport levert | {receiver} fikk {what} {when}. Du får beskjed når noen har åpnet den.
        @dischargeSent
        family: Du er ferdig hos oss | {receiver} har fått vite hva vi ble enige om. Det står i {what}. Ring {phone} hvis du lurer på noe.
        clinician: Epikrise levert | {receiver} fikk {what} {when}. Vi venter på svar om hvem som følger opp.
        @followUpTaken
        family: Noen hjelper deg videre | {receiver} skal hjelpe deg videre. Telefonen dit er {phone}.
        clinician: Oppfølging tatt | {receiver} har sagt ja til å følge opp. Telefon: {phone}.
        @followUpNotTaken
        family: Ingen har tatt over ennå | Ingen hos {receiver} har sagt ja til å hjelpe deg videre ennå. Vi har minnet dem om det. Ring {phone} hvis det haster.
        clinician: Oppfølging ikke tatt | {receiver} har ikke svart på hvem som følger opp. Ring {phone}, og avtal det.
        @copyFailed
        clinician: En kopi kom ikke fram | {receiver} har ikke fått {what}. De andre mottakerne har fått det. Vi prøver fortsatt.
        """
}
