extension SharingRules {
    /// The rules that come along. Read once; a test reads them too, so they are always whole.
    public static let standard: Self = {
        do { return try Self(parsing: Array(standardText.utf8)) } catch {
            // A text of our own, held by a test: it cannot fail in the field.
            fatalError("the sharing rules that come along cannot be read: \(error)")
        }
    }()

    /// Paragraphs stand only where the project's standards name them. `uncertain` is to be settled by a lawyer.
    static let standardText = #"""
        {
          "format": "msggw-sharing-rules/1",
          "version": "2026-1",
          "oneGuardianWhenOtherNotReached": false,
          "emergency": {
            "to": ["gp", "bup", "hospital", "legevakt", "barnevern"],
            "basis": {"law": "helsepersonelloven", "certainty": "uncertain"},
            "reason": "Avsenderen opplyser at det er fare for liv eller helse, og at det ikke kan vente på samtykke."
          },
          "rules": [
            {
              "id": "anonym-droefting",
              "messages": ["anonym-droefting"],
              "requirement": "anonymous",
              "basis": {"law": "helsepersonelloven", "paragraph": "§ 21", "certainty": "recalled"},
              "reason": "Uten samtykke kan en sak bare drøftes slik at ingen kan kjenne igjen barnet.",
              "action": "Ta bort det som peker på barnet eller familien, eller be om samtykke."
            },
            {
              "id": "fra-familien",
              "messages": ["fra-familien"],
              "from": ["foresatt", "ungdom"],
              "requirement": "nothing",
              "basis": {"law": "Familien deler sine egne opplysninger", "certainty": "recalled"},
              "reason": "Familien velger selv å sende dette.",
              "action": "Du trenger ikke gjøre noe."
            },
            {
              "id": "bekymringsmelding",
              "messages": ["bekymringsmelding"],
              "to": ["barnevern"],
              "requirement": "nothing",
              "basis": {"law": "barnevernsloven", "certainty": "uncertain"},
              "reason": "Plikten til å melde fra til barnevernet går foran taushetsplikten.",
              "action": "Skriv i meldingen hvorfor du mener at meldeplikten gjelder."
            },
            {
              "id": "epikrise-fastlege-henviser-ppt",
              "messages": ["epikrise"],
              "to": ["ppt", "skole", "barnehage"],
              "requirement": "consent",
              "basis": {"law": "helsepersonelloven", "paragraph": "§ 21", "certainty": "recalled"},
              "reason": "Mottakeren er ikke helsepersonell. Da må familien samtykke til at epikrisen deles.",
              "action": "Be om samtykke til å dele epikrisen med mottakeren, eller send den uten denne mottakeren."
            },
            {
              "id": "epikrise-barnevern",
              "messages": ["epikrise"],
              "to": ["barnevern"],
              "requirement": "consent",
              "basis": {"law": "helsepersonelloven", "paragraph": "§ 21", "certainty": "uncertain"},
              "reason": "Barneverntjenesten er ikke helsepersonell. Da må den som bestemmer, samtykke til at epikrisen deles.",
              "action": "Be om samtykke. Gjelder meldeplikten, send en bekymringsmelding i stedet."
            },
            {
              "id": "epikrise-fastlege-henviser",
              "messages": ["epikrise"],
              "from": ["bup", "hospital"],
              "relations": ["henviser", "fastlege", "oppfolging"],
              "to": ["gp", "bup", "hospital", "legevakt", "bydel", "skolehelsetjeneste", "kommunepsykolog", "familieteam"],
              "requirement": "unless-objected",
              "basis": {"law": "helsepersonelloven", "paragraph": "§ 45a", "certainty": "sourced"},
              "reason": "Epikrisen skal til fastlegen, til den som henviste og til den som skal følge opp, så lenge ingen har sagt nei.",
              "action": "Spør hvem som skal ha epikrisen, og noter svaret."
            },
            {
              "id": "svar-til-henviser",
              "messages": ["svar-paa-henvisning"],
              "relations": ["henviser"],
              "to": ["gp", "kommunepsykolog", "barnevern", "hospital", "bup", "bydel"],
              "requirement": "nothing",
              "basis": {"law": "pasient- og brukerrettighetsloven", "paragraph": "§ 2-2", "certainty": "sourced"},
              "reason": "Den som henviste, skal få det samme svaret som pasienten.",
              "action": "Du trenger ikke gjøre noe."
            },
            {
              "id": "rapport-fra-ppt",
              "messages": ["ppt-rapport"],
              "from": ["ppt", "skole", "barnehage"],
              "requirement": "consent",
              "basis": {"law": "forvaltningsloven", "paragraph": "§ 13", "certainty": "recalled"},
              "reason": "PPT og skolen har taushetsplikt. De kan dele rapporten når familien samtykker.",
              "action": "Be om samtykke til å dele rapporten med mottakeren."
            },
            {
              "id": "ikke-helsepersonell",
              "to": ["ppt", "skole", "barnehage"],
              "requirement": "consent",
              "basis": {"law": "helsepersonelloven", "paragraph": "§ 21", "certainty": "recalled"},
              "reason": "Mottakeren er ikke helsepersonell. Da må familien samtykke til at dette deles.",
              "action": "Be om samtykke til å dele dette med mottakeren, eller drøft saken uten navn."
            },
            {
              "id": "barnevern",
              "to": ["barnevern"],
              "requirement": "consent",
              "basis": {"law": "barnevernsloven", "certainty": "uncertain"},
              "reason": "Å dele med barnevernet krever samtykke når meldeplikten ikke gjelder.",
              "action": "Be om samtykke. Gjelder meldeplikten, send en bekymringsmelding i stedet."
            },
            {
              "id": "henvisning",
              "messages": ["henvisning"],
              "from": ["gp", "hospital", "kommunepsykolog", "legevakt"],
              "to": ["bup", "hospital"],
              "requirement": "consent",
              "treatmentConsent": true,
              "basis": {"law": "pasient- og brukerrettighetsloven", "paragraph": "§§ 4-3 og 4-4", "certainty": "recalled"},
              "reason": "Den som bestemmer for barnet, må ha sagt ja til å bli henvist og til at opplysningene deles.",
              "action": "Skriv hvem som har samtykket, i hvilken rolle og hvordan."
            },
            {
              "id": "videresending",
              "messages": ["videresending"],
              "from": ["gp", "bup", "hospital", "legevakt", "skolehelsetjeneste", "kommunepsykolog"],
              "to": ["gp", "bup", "hospital", "legevakt", "skolehelsetjeneste", "kommunepsykolog"],
              "requirement": "unless-objected",
              "basis": {"law": "helsepersonelloven", "certainty": "uncertain"},
              "reason": "Henvisningen kom til feil sted. Den kan gå videre til rett sted i helsetjenesten, så lenge ingen har sagt nei.",
              "action": "Fortell familien og den som henviste hvor henvisningen er nå."
            },
            {
              "id": "dialog-helsepersonell",
              "messages": ["dialog", "oppfolging"],
              "from": ["gp", "bup", "hospital", "legevakt", "skolehelsetjeneste", "kommunepsykolog"],
              "to": ["gp", "bup", "hospital", "legevakt", "skolehelsetjeneste", "kommunepsykolog"],
              "requirement": "unless-objected",
              "basis": {"law": "helsepersonelloven", "certainty": "uncertain"},
              "reason": "Helsepersonell som samarbeider om et barn, kan dele det som trengs, så lenge ingen har sagt nei.",
              "action": "Del bare det mottakeren trenger for å hjelpe barnet."
            }
          ]
        }
        """#
}
