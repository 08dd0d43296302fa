extension LetterWords {
    /// What families read, in bokmål. Places: see ``LetterLayout``.
    static let lettersInBokmal = """
        @title
        young: Svar på henvisningen din
        guardians: Svar på henvisningen for {child}
        @greeting
        young: Hei, {child}!
        guardians: Hei!
        @received
        all: Vi fikk henvisningen {received}. Den kom fra {referrer}.
        @assessed
        all: {assessors} vurderte henvisningen {assessed}.
        @signature
        all: Vennlig hilsen
        @rejectionAnswer
        young: Du får ikke time hos {unitFirst} nå. Du kan få hjelp andre steder. I dette brevet står det hvor.
        guardians: {child} får ikke time hos {unitFirst} nå. Dere kan få hjelp andre steder. I dette brevet står det hvor.
        @rejectionWhyHeading
        all: Derfor svarer vi nei
        @rejectionConsideredHeading
        all: Dette har vi sett på
        @rejectionConsidered
        all: Vi har lest eller hørt dette:
        @groundHelpWhereYouLive
        young: Vi tror du får best hjelp nær der du bor.
        guardians: Vi tror {child} får best hjelp nær der dere bor.
        @groundNotSevereEnough
        young: Du har det vanskelig. Loven gir likevel ikke rett til hjelp hos oss nå, fordi hverdagen din fortsatt går.
        guardians: {child} har det vanskelig. Loven gir likevel ikke rett til hjelp hos oss nå, fordi hverdagen fortsatt går.
        @groundLittleBenefit
        young: Vi tror ikke at hjelpen vi kan gi, vil virke for deg akkurat nå.
        guardians: Vi tror ikke at hjelpen vi kan gi, vil virke for {child} akkurat nå.
        @groundHelpedAlready
        young: Du får hjelp fra andre. Vi tror at den hjelpen er riktig for deg nå.
        guardians: {child} får hjelp fra andre. Vi tror at den hjelpen er riktig nå.
        @groundNotWished
        young: Du har sagt at du ikke vil ha hjelp hos oss nå. Det er greit å ombestemme seg senere.
        guardians: {child} vil ikke ha hjelp hos oss nå. Det er greit å ombestemme seg senere.
        @nowHeading
        young: Dette kan du gjøre nå
        guardians: Dette kan dere gjøre nå
        @servicesHeading
        young: Her kan du få hjelp
        guardians: Her kan dere få hjelp
        @services
        young: Disse hjelper deg {place}. Du kan ta kontakt selv.
        guardians: Disse hjelper dere {place}. Dere kan ta kontakt selv.
        @nextHeading
        all: Hvem som følger med videre
        @next
        all: {holder} har ansvaret fra nå av.
        @nextPhone
        all: Telefonen dit er {holderPhone}.
        @againHeading
        young: Du kan be oss se på det på nytt
        guardians: Dere kan be oss se på det på nytt
        @again
        young: Er det noe vi ikke vet om? Be {referrer} skrive til oss. Det kan du gjøre én gang for de samme plagene.
        guardians: Er det noe vi ikke vet om? Be {referrer} skrive til oss. Det kan dere gjøre én gang for de samme plagene.
        @againWorse
        young: Blir det verre, kan legen sende en ny henvisning når som helst.
        guardians: Blir det verre, kan legen sende en ny henvisning når som helst.
        @complaintHeading
        young: Du kan klage
        guardians: Dere kan klage
        @complaintWho
        young: Er du uenig, kan du klage på svaret.
        teen: Er du uenig? De som har foreldreansvaret, kan klage for deg. Si til dem hva du synes.
        alone: Er du uenig? Ring oss, så hjelper vi deg med å klage.
        guardians: Er dere uenige, kan dere klage på svaret.
        invited: Er dere uenige, snakk med {child}. Fra 16 år kan {child} klage selv, og dere kan hjelpe til.
        @complaintHow
        all: Klagen skal til oss først, og vi ser på saken på nytt. Står vi fast på svaret, sender vi klagen til {appealBody}.
        @complaintWrite
        young: Skriv hva du klager på, og gjerne hvorfor.
        guardians: Skriv hva dere klager på, og gjerne hvorfor.
        @complaintSign
        young: Skriv under med navnet ditt.
        teen: De som klager for deg, skriver under.
        guardians: Skriv under med navn.
        invited: Den som klager, skriver under.
        @complaintSend
        all: Send klagen til {sendTo}.
        @complaintDeadline
        all: Fristen er {weeks} uker. Siste dag er {lastDay}.
        @complaintLater
        young: Fikk du brevet etter {madeKnown}? Da har du {weeks} uker fra den dagen du fikk det.
        guardians: Fikk dere brevet etter {madeKnown}? Da har dere {weeks} uker fra den dagen dere fikk det.
        @complaintOmbud
        young: Pasient- og brukerombudet kan hjelpe deg med å klage. Det er gratis. Ring {ombud}.
        guardians: Pasient- og brukerombudet kan hjelpe dere med å klage. Det er gratis. Ring {ombud}.
        @complaintRecord
        young: Du kan be oss om å få lese det vi har skrevet om deg.
        guardians: Dere kan be oss om å få lese det vi har skrevet.
        @contactHeading
        young: Lurer du på noe?
        guardians: Lurer dere på noe?
        @contact
        young: Ring {contact}. Det er lov å spørre om alt.
        guardians: Ring {contact}. Det er lov å spørre om alt.
        @factName
        all: Navn
        @factRole
        all: Yrke
        @factPhone
        all: Telefon
        @factHours
        all: Når
        @factWhen
        all: Når
        @factWhere
        all: Hvor
        @urgentHeading
        all: Hvis det haster
        @urgent
        young: Har du det så vondt at det ikke kan vente? Ring legevakten på 116 117. Ring 113 hvis det er fare for liv.
        guardians: Kan det ikke vente? Ring legevakten på 116 117. Ring 113 hvis det er fare for liv.
        @lawsHeading
        all: Lovene bak svaret
        @lawsSpecialist
        all: Loven heter pasient- og brukerrettighetsloven. Se § 2-2 om vurdering, § 2-3 om ny vurdering, og § 7-2, § 7-3 og § 7-5 om klage.
        @lawsMunicipal
        all: Loven heter pasient- og brukerrettighetsloven. Se § 7-2, § 7-3 og § 7-5 om klage.
        @lawsEducation
        all: Lovene heter opplæringslova og forvaltningsloven.
        @lawsRight
        all: Loven heter pasient- og brukerrettighetsloven. Se § 2-2 om vurdering og frist.
        @acceptanceAnswer
        young: Du får hjelp hos {unitFirst}. I dette brevet står det når, hvor og hos hvem.
        guardians: {child} får hjelp hos {unitFirst}. I dette brevet får dere vite når, hvor og hos hvem.
        @firstHeading
        all: Den første timen
        @firstLater
        young: Vi har ikke satt opp dagen ennå. Du får time senest {latest}. Vi skriver til deg før det.
        guardians: Vi har ikke satt opp dagen ennå. {child} får time senest {latest}. Vi skriver til dere før det.
        @responsibleHeading
        young: Den som har ansvaret for deg
        guardians: Den som har ansvaret for {child}
        @responsible
        young: Ring rett til {responsible} hvis du lurer på noe.
        guardians: Ring rett til {responsible} hvis dere lurer på noe.
        @courseHeading
        all: Slik blir hjelpen
        @course
        all: Vi tror det tar {weeks}, med {rhythm}. Vi sier fra hvis det endrer seg.
        @deadline
        young: Du har rett til å få hjelp innen {deadline}. Ring oss hvis du ikke har hørt noe da.
        guardians: {child} har rett til å få hjelp innen {deadline}. Ring oss hvis dere ikke har hørt noe da.
        @forwardingAnswer
        young: Vi har sendt henvisningen din videre til {receiverFirst}. Det er de som skal svare deg.
        guardians: Vi har sendt henvisningen videre til {receiverFirst}. Det er de som skal svare dere.
        @forwardingWhyHeading
        all: Derfor sendte vi den videre
        @forwardingTime
        young: Du mister ikke plassen i køen. Tiden går fra {received}, da henvisningen kom til oss.
        guardians: Dere mister ikke plassen i køen. Tiden går fra {received}, da henvisningen kom til oss.
        @forwardingHeading
        young: Dette skjer nå
        guardians: Dette skjer nå
        @forwardingContact
        young: Vi sendte den {forwarded}. Vil du vite mer om timen, ring {receiver} på {receiverPhone}.
        guardians: Vi sendte den {forwarded}. Vil dere vite mer om timen, ring {receiver} på {receiverPhone}.
        """
}
