extension Checklist {
    /// The lists that come along. A receiver's own list with the same id takes the place of one of these.
    public static let standard: [Self] = [bupReferralText, bydelEpikriseText, pptReportText].map { text in
        do { return try Self(parsing: Array(text.utf8)) } catch {
            // A text of our own, held by a test: it cannot fail in the field.
            fatalError("a checklist that comes along cannot be read: \(error)")
        }
    }

    /// The list for a kind of message to a kind of receiver; nil when nobody has asked for one.
    public static func standard(for message: SharingMessage, to receiver: CareService) -> Self? {
        standard.first { $0.receiver == receiver && $0.messages.contains(message) }
    }

    /// Discharge: what the district needs to take over.
    static let bydelEpikriseText = #"""
        {
          "format": "msggw-checklist/1", "id": "bydel-epikrise", "version": "2026-1",
          "title": "Epikrise til bydelen",
          "receiver": "bydel", "messages": ["epikrise", "oppfolging"],
          "sections": [
            {"title": "Hvem", "items": [
                {"id": "navn", "weight": "maa", "keys": ["barn.navn"], "acceptsNone": false,
                  "question": "Hva heter barnet?",
                  "why": "Bydelen må vite hvem det gjelder."},
                {"id": "nummer", "weight": "maa", "keys": ["barn.nummer"], "shortest": 11,
                  "question": "Hva er fødselsnummeret?",
                  "why": "Uten nummer kan barn bli forvekslet."},
                {"id": "foresatte", "weight": "boer", "keys": ["foresatte", "foresatte.telefon"], "onlyWhen": ["under16"],
                  "question": "Hvem er de foresatte, og hva er telefonnumrene?",
                  "why": "Bydelen må kunne nå dem."}
            ]},
            {"title": "Hva som er gjort", "items": [
                {"id": "behandling", "weight": "maa", "keys": ["behandling"], "acceptsNone": false, "shortest": 10,
                  "question": "Hva slags hjelp har barnet fått?",
                  "why": "Bydelen skal bygge videre på det."},
                {"id": "vurdering", "weight": "maa", "keys": ["vurdering"], "acceptsNone": false, "shortest": 10,
                  "question": "Hvordan er det med barnet nå?",
                  "why": "Bydelen må vite hvor mye hjelp som trengs."},
                {"id": "selvmord", "weight": "maa", "keys": ["risiko.selvmord"],
                  "question": "Er det fare for selvmord eller selvskading?",
                  "why": "Bydelen må vite om det kan haste."},
                {"id": "kriseplan", "weight": "boer", "keys": ["kriseplan"],
                  "question": "Finnes det en kriseplan, og hvem har den?",
                  "why": "Da vet alle hva de skal gjøre hvis det blir verre."},
                {"id": "legemidler", "weight": "maa", "keys": ["legemidler"],
                  "question": "Bruker barnet legemidler?",
                  "why": "Noen må følge dem opp."}
            ]},
            {"title": "Veien videre", "items": [
                {"id": "plan", "weight": "maa", "keys": ["oppfolging"], "acceptsNone": false, "shortest": 10,
                  "question": "Hva skal bydelen gjøre, og når?",
                  "why": "Uten en plan følger ingen opp."},
                {"id": "ansvarlig", "weight": "maa", "keys": ["oppfolging.ansvarlig"], "acceptsNone": false,
                  "question": "Hvem har ansvaret etter utskrivningen?",
                  "why": "Én må ha ansvaret, ellers blir det ingens."},
                {"id": "familien", "weight": "boer", "keys": ["familien.informert"],
                  "question": "Vet familien om planen?",
                  "why": "Familien skal slippe å fortelle alt på nytt."},
                {"id": "samtykke", "weight": "boer", "keys": ["samtykke.hvem"],
                  "question": "Hvem har samtykket til at dette deles, eller hvorfor trengs det ikke?",
                  "why": "Bydelen må vite hva de kan bruke opplysningene til."},
                {"id": "kontakt", "weight": "maa", "keys": ["avsender.navn", "avsender.telefon"], "acceptsNone": false,
                  "question": "Hvem kan bydelen ringe?",
                  "why": "Et direkte nummer sparer tid."}
            ]}
          ]
        }
        """#

    /// The report of the educational-psychological service.
    static let pptReportText = #"""
        {
          "format": "msggw-checklist/1", "id": "bup-ppt-rapport", "version": "2026-1",
          "title": "Rapport fra PPT til BUP",
          "receiver": "bup", "messages": ["ppt-rapport"],
          "sections": [
            {"title": "Hvem", "items": [
                {"id": "navn", "weight": "maa", "keys": ["barn.navn"], "acceptsNone": false,
                  "question": "Hva heter barnet?",
                  "why": "BUP må vite hvem rapporten gjelder."},
                {"id": "fodt", "weight": "maa", "keys": ["barn.fodselsdato"], "acceptsNone": false, "shortest": 6,
                  "question": "Hva er fødselsnummeret eller fødselsdatoen?",
                  "why": "Uten det kan barn bli forvekslet."},
                {"id": "samtykke", "weight": "maa", "keys": ["samtykke.hvem", "samtykke.hvordan"], "acceptsNone": false,
                  "question": "Hvem har samtykket til at rapporten deles, og hvordan?",
                  "why": "PPT har taushetsplikt og kan ikke dele uten samtykke."}
            ]},
            {"title": "Rapporten", "items": [
                {"id": "rapport", "weight": "maa", "keys": ["rapport"], "acceptsNone": false, "shortest": 1,
                  "question": "Er rapporten lagt ved?",
                  "why": "Det er den BUP trenger."},
                {"id": "tester", "weight": "boer", "keys": ["vedlegg.tester"],
                  "question": "Hvilke tester er brukt, og når?",
                  "why": "Da slipper barnet å gjøre dem om igjen."},
                {"id": "skole", "weight": "boer", "keys": ["fungering.skole"],
                  "question": "Hvordan går det på skolen eller i barnehagen?",
                  "why": "BUP ser på hvordan barnet fungerer flere steder."},
                {"id": "anbefalinger", "weight": "boer", "keys": ["anbefalinger"],
                  "question": "Hva anbefaler PPT?",
                  "why": "BUP og skolen bør trekke i samme retning."},
                {"id": "kontakt", "weight": "maa", "keys": ["avsender.navn", "avsender.telefon"], "acceptsNone": false,
                  "question": "Hvem kan BUP ringe?",
                  "why": "Et direkte nummer sparer tid."}
            ]}
          ]
        }
        """#
}
