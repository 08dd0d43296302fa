extension LetterWords {
    /// What families read, in nynorsk. Places: see ``LetterLayout``.
    static let lettersInNynorsk = """
        @title
        young: Svar på tilvisinga di
        guardians: Svar på tilvisinga for {child}
        @greeting
        young: Hei, {child}!
        guardians: Hei!
        @received
        all: Vi fekk tilvisinga {received}. Ho kom frå {referrer}.
        @assessed
        all: {assessors} vurderte tilvisinga {assessed}.
        @signature
        all: Venleg helsing
        @rejectionAnswer
        young: Du får ikkje time hos {unitFirst} no. Du kan få hjelp andre stader. I dette brevet står det kvar.
        guardians: {child} får ikkje time hos {unitFirst} no. De kan få hjelp andre stader. I dette brevet står det kvar.
        @rejectionWhyHeading
        all: Derfor svarer vi nei
        @rejectionConsideredHeading
        all: Dette har vi sett på
        @rejectionConsidered
        all: Vi har lese eller høyrt dette:
        @groundHelpWhereYouLive
        young: Vi trur du får best hjelp nær der du bur.
        guardians: Vi trur {child} får best hjelp nær der de bur.
        @groundNotSevereEnough
        young: Du har det vanskeleg. Lova gjev likevel ikkje rett til hjelp hos oss no, fordi kvardagen din framleis går.
        guardians: {child} har det vanskeleg. Lova gjev likevel ikkje rett til hjelp hos oss no, fordi kvardagen framleis går.
        @groundLittleBenefit
        young: Vi trur ikkje at hjelpa vi kan gje, vil verke for deg akkurat no.
        guardians: Vi trur ikkje at hjelpa vi kan gje, vil verke for {child} akkurat no.
        @groundHelpedAlready
        young: Du får hjelp frå andre. Vi trur at den hjelpa er rett for deg no.
        guardians: {child} får hjelp frå andre. Vi trur at den hjelpa er rett no.
        @groundNotWished
        young: Du har sagt at du ikkje vil ha hjelp hos oss no. Det er greitt å ombestemme seg seinare.
        guardians: {child} vil ikkje ha hjelp hos oss no. Det er greitt å ombestemme seg seinare.
        @nowHeading
        young: Dette kan du gjere no
        guardians: Dette kan de gjere no
        @servicesHeading
        young: Her kan du få hjelp
        guardians: Her kan de få hjelp
        @services
        young: Desse hjelper deg {place}. Du kan ta kontakt sjølv.
        guardians: Desse hjelper dykk {place}. De kan ta kontakt sjølve.
        @nextHeading
        all: Kven som følgjer med vidare
        @next
        all: {holder} har ansvaret frå no av.
        @nextPhone
        all: Telefonen dit er {holderPhone}.
        @againHeading
        young: Du kan be oss sjå på det på nytt
        guardians: De kan be oss sjå på det på nytt
        @again
        young: Er det noko vi ikkje veit om? Be {referrer} skrive til oss. Det kan du gjere éin gong for dei same plagene.
        guardians: Er det noko vi ikkje veit om? Be {referrer} skrive til oss. Det kan de gjere éin gong for dei same plagene.
        @againWorse
        all: Blir det verre, kan legen sende ei ny tilvising når som helst.
        @complaintHeading
        young: Du kan klage
        guardians: De kan klage
        @complaintWho
        young: Er du usamd, kan du klage på svaret.
        teen: Er du usamd? Dei som har foreldreansvaret, kan klage for deg. Sei til dei kva du synest.
        alone: Er du usamd? Ring oss, så hjelper vi deg med å klage.
        guardians: Er de usamde, kan de klage på svaret.
        invited: Er de usamde, snakk med {child}. Frå 16 år kan {child} klage sjølv, og de kan hjelpe til.
        @complaintHow
        all: Klaga skal til oss først, og vi ser på saka på nytt. Står vi fast på svaret, sender vi klaga til {appealBody}.
        @complaintWrite
        young: Skriv kva du klagar på, og gjerne kvifor.
        guardians: Skriv kva de klagar på, og gjerne kvifor.
        @complaintSign
        young: Skriv under med namnet ditt.
        teen: Dei som klagar for deg, skriv under.
        guardians: Skriv under med namn.
        invited: Den som klagar, skriv under.
        @complaintSend
        all: Send klaga til {sendTo}.
        @complaintDeadline
        all: Fristen er {weeks} veker. Siste dag er {lastDay}.
        @complaintLater
        young: Fekk du brevet etter {madeKnown}? Då har du {weeks} veker frå den dagen du fekk det.
        guardians: Fekk de brevet etter {madeKnown}? Då har de {weeks} veker frå den dagen de fekk det.
        @complaintOmbud
        young: Pasient- og brukarombodet kan hjelpe deg med å klage. Det er gratis. Ring {ombud}.
        guardians: Pasient- og brukarombodet kan hjelpe dykk med å klage. Det er gratis. Ring {ombud}.
        @complaintRecord
        young: Du kan be oss om å få lese det vi har skrive om deg.
        guardians: De kan be oss om å få lese det vi har skrive.
        @contactHeading
        young: Lurer du på noko?
        guardians: Lurer de på noko?
        @contact
        all: Ring {contact}. Det er lov å spørje om alt.
        @factName
        all: Namn
        @factRole
        all: Yrke
        @factPhone
        all: Telefon
        @factHours
        all: Når
        @factWhen
        all: Når
        @factWhere
        all: Kvar
        @urgentHeading
        all: Viss det hastar
        @urgent
        young: Har du det så vondt at det ikkje kan vente? Ring legevakta på 116 117. Ring 113 viss det er fare for liv.
        guardians: Kan det ikkje vente? Ring legevakta på 116 117. Ring 113 viss det er fare for liv.
        @lawsHeading
        all: Lovene bak svaret
        @lawsSpecialist
        all: Lova heiter pasient- og brukarrettslova. Sjå § 2-2 om vurdering, § 2-3 om ny vurdering, og § 7-2, § 7-3 og § 7-5 om klage.
        @lawsMunicipal
        all: Lova heiter pasient- og brukarrettslova. Sjå § 7-2, § 7-3 og § 7-5 om klage.
        @lawsEducation
        all: Lovene heiter opplæringslova og forvaltingslova.
        @lawsRight
        all: Lova heiter pasient- og brukarrettslova. Sjå § 2-2 om vurdering og frist.
        @acceptanceAnswer
        young: Du får hjelp hos {unitFirst}. I dette brevet står det når, kvar og hos kven.
        guardians: {child} får hjelp hos {unitFirst}. I dette brevet får de vite når, kvar og hos kven.
        @firstHeading
        all: Den første timen
        @firstLater
        young: Vi har ikkje sett opp dagen enno. Du får time seinast {latest}. Vi skriv til deg før det.
        guardians: Vi har ikkje sett opp dagen enno. {child} får time seinast {latest}. Vi skriv til dykk før det.
        @responsibleHeading
        young: Den som har ansvaret for deg
        guardians: Den som har ansvaret for {child}
        @responsible
        young: Ring rett til {responsible} viss du lurer på noko.
        guardians: Ring rett til {responsible} viss de lurer på noko.
        @courseHeading
        all: Slik blir hjelpa
        @course
        all: Vi trur det tek {weeks}, med {rhythm}. Vi seier frå viss det endrar seg.
        @deadline
        young: Du har rett til å få hjelp innan {deadline}. Ring oss viss du ikkje har høyrt noko då.
        guardians: {child} har rett til å få hjelp innan {deadline}. Ring oss viss de ikkje har høyrt noko då.
        @forwardingAnswer
        young: Vi har sendt tilvisinga di vidare til {receiverFirst}. Det er dei som skal svare deg.
        guardians: Vi har sendt tilvisinga vidare til {receiverFirst}. Det er dei som skal svare dykk.
        @forwardingWhyHeading
        all: Derfor sende vi ho vidare
        @forwardingTime
        young: Du mistar ikkje plassen i køen. Tida går frå {received}, då tilvisinga kom til oss.
        guardians: De mistar ikkje plassen i køen. Tida går frå {received}, då tilvisinga kom til oss.
        @forwardingHeading
        all: Dette skjer no
        @forwardingContact
        young: Vi sende ho {forwarded}. Vil du vite meir om timen, ring {receiver} på {receiverPhone}.
        guardians: Vi sende ho {forwarded}. Vil de vite meir om timen, ring {receiver} på {receiverPhone}.
        """
}
