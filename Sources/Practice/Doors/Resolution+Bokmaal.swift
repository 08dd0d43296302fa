extension Resolution {
    /// The answer in words, for whoever sends: first what, then why, one sentence a line. Of a protected address it says no place.
    public func bokmaal(in registry: DoorRegistry) -> [String] {
        let words = Words(registry: registry, need: registry.rules[need]?.label ?? need.id, day: day)
        return [words.outcome(outcome)] + why.map(words.reason)
    }

    private struct Words {
        let registry: DoorRegistry
        let need: String
        let day: DoorDay

        func name(_ id: DoorID) -> String { registry[id].map { "\($0.shownName) (HER-id \(id))" } ?? "HER-id \(id)" }
        func area(_ id: AreaID) -> String { registry.book.geography.areas[id]?.name ?? id.value }
        func areas(_ ids: [AreaID]) -> String { ids.map(area).joined(separator: ", ") }

        func outcome(_ outcome: Outcome) -> String {
            switch outcome {
            case .found(let door): "Riktig mottaker er \(name(door))."
            case .several(let candidates):
                "Flere passer, og ingen er valgt: "
                    + candidates.map { "\(name($0.door)) for \(areas($0.atoms))" }.joined(separator: "; ")
                    + ". Oppgi hvilken del av området det gjelder, eller velg HER-id."
            case .partly(let door, let uncovered):
                "\(name(door)) dekker bare en del. Ingen er registrert for \(areas(uncovered)). Oppgi hvilken del av området det gjelder."
            case .none(let absence): absent(absence)
            case .expired(let door, let last):
                "\(name(door)) var riktig mottaker"
                    + (last.map { " til og med \($0.bokmaal)" } ?? "")
                    + ", men tar ikke imot lenger, og ingen ny er registrert. Spør virksomheten."
            case .notYet(let door, let first):
                "\(name(door)) tar imot først" + (first.map { " fra \($0.bokmaal)" } ?? " senere") + "."
            case .placeUnclear(let ids): "Stedsnavnet kan bety flere områder: \(areas(ids)). Oppgi hvilket."
            case .protected:
                "Personen har sperret adresse. Mottakeren kan ikke finnes ut fra sted. Avtal mottakeren med den som følger opp personen, og send til HER-id-en du får oppgitt."
            }
        }

        private func absent(_ absence: Absence) -> String {
            switch absence {
            case .unknownNeed: "Behovet «\(need)» er ikke kjent. Se listen over behov."
            case .unknownPlace: "Stedet er ikke kjent. Skriv navnet på bydelen eller kommunen."
            case .noPlace: "Sted mangler. Oppgi bydel eller kommune."
            case .noService: "Ingen er registrert som \(need) for området. Spør kommunen hvem som tar imot."
            case .noCatchment: "Ingen har området i sitt opptaksområde for \(need). Spør helseforetaket hvem som tar imot."
            case .noGP: "Personen har ingen fastlege. Spør hvem som følger opp."
            case .gpNotAsked: "Fastlegeregisteret har ikke svart. Prøv igjen, eller oppgi legens HER-id."
            case .gpNotRegistered: "Fastlegen står ikke i adresseregisteret. Oppdater registeret, eller ring legekontoret."
            case .gpIsNoPerson: "HER-id-en fra fastlegeregisteret er ikke en person. Ring legekontoret."
            }
        }

        func reason(_ reason: Reason) -> String {
            switch reason {
            case .place(let id): "Området er \(area(id)), og dagen er \(day.bokmaal)."
            case .areaEnded(let id, let last, let now, _):
                "\(area(id)) fantes til og med \(last.bokmaal) og hører nå til \(areas(now))."
            case .catchment(let door, let id): "\(name(door)) har \(area(id)) i sitt opptaksområde."
            case .ownArea(let door, let id): "\(name(door)) er registrert for \(area(id))."
            case .serviceType(let door, let code):
                "\(name(door)) er registrert med tjenestetype \(code.code) (kodeverk \(code.list))."
            case .narrower(let door, let others):
                "\(name(door)) er for et mindre område enn \(others.map(name).joined(separator: ", "))."
            case .leftOut(let door, let period):
                "\(name(door)) er holdt utenfor: gyldig"
                    + (period.from.map { " fra \($0.bokmaal)" } ?? "") + (period.to.map { " til og med \($0.bokmaal)" } ?? "")
                    + "."
            case .inactive(let door): "\(name(door)) er holdt utenfor: registeret sier at den ikke tar imot meldinger."
            case .replaced(let door, let new):
                "\(name(door)) er erstattet av \(new.map(name).joined(separator: ", "))."
            case .keptForLackOfSuccessor(let door):
                "Området til \(name(door)) har opphørt, men ingen ny er registrert. Den gamle beholdes, så ingenting går tapt."
            case .assigned(let door): "Fastlegeregisteret oppgir \(name(door))."
            }
        }
    }
}
