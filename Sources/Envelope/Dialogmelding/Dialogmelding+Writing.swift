extension Dialogmelding {
    /// Writes the payload in the order of its schema. ``check()`` comes first.
    func write(to writer: inout XMLWriter) {
        let attributes: [(String, String?)] = [
            ("xmlns", version.namespace), ("xmlns:fk1", PersonSchema.felleskomponent1.namespace),
        ]
        let persons = PersonSchema.dialogmelding(namespace: version.namespace)
        writer.element("Dialogmelding", attributes) { writer in
            writer.cv("SakstypeKodet", sakstypeKodet)
            writer.element("Sakstype", text: sakstype)
            for foresporsel in foresporsler { foresporsel.write(to: &writer, persons) }
            for notat in notater { notat.write(to: &writer, persons) }
        }
    }

    /// - Throws: ``EnvelopeError`` `.documentIncomplete` for what the schema of this version has no place for.
    func check() throws(EnvelopeError) {
        func wrong(_ reason: String) -> EnvelopeError {
            EnvelopeError(.documentIncomplete, reason: reason, place: "Dialogmelding")
        }
        if foresporsler.isEmpty == notater.isEmpty { throw wrong("a dialog holds either questions or notes") }
        let questions = foresporsler + notater.compactMap(\.foresporsel)
        for notat in notater where notat.temaKodet.code?.isEmpty != false { throw wrong("a note needs a coded theme") }
        for question in questions where question.type.code?.isEmpty != false { throw wrong("a question needs a type") }
        for code in notater.map(\.temaKodet) + questions.map(\.type) where !code.hasWellFormedList {
            throw wrong("a code list is no OID")
        }
        let days = notater.map(\.dato) + questions.flatMap { [$0.fraDato, $0.tilDato] }
        for case let day? in days where day.precision != .day || !day.isWellFormed { throw wrong("a date is no calendar day") }
        let roles = notater.flatMap(\.roller) + questions.flatMap(\.roller)
        for role in roles { try role.check() }
        guard version == .v10 else { return }
        for question in questions {
            if question.emne != nil || question.formal != nil || question.kodetOpplysning != nil
                || question.typeJournalinfo.count > 1 || question.sporsmal?.xhtml != nil
            {
                throw wrong("the question says what only 1.1 has a place for")
            }
        }
        for role in roles where role.who == nil || role.tilknyttetEnhet != nil {
            throw wrong("in 1.0 every role has a person and none a unit")
        }
    }
}

extension Notat {
    fileprivate func write(to writer: inout XMLWriter, _ persons: PersonSchema) {
        writer.element("Notat") { writer in
            writer.cv("TemaKodet", temaKodet)
            writer.element("Tema", text: tema)
            tekst?.write("TekstNotatInnhold", to: &writer)
            writer.element("Merknad", text: merknad)
            writer.element("DokIdNotat", text: dokID)
            writer.element("DatoNotat", text: dato?.text)
            foresporsel?.write(to: &writer, persons)
            for rolle in roller { rolle.write(to: &writer, persons) }
        }
    }
}

extension Foresporsel {
    fileprivate func write(to writer: inout XMLWriter, _ persons: PersonSchema) {
        writer.element("Foresporsel") { writer in
            writer.cv("TypeForesp", type)
            writer.element("EmneSporsmal", text: emne)
            sporsmal?.write("Sporsmal", to: &writer)
            writer.cv("Formål", formal)
            writer.element("Begrunnelse", text: begrunnelse)
            writer.cs("Hastegrad", hastegrad)
            writer.element("FraDato", text: fraDato?.text)
            writer.element("TilDato", text: tilDato?.text)
            for info in typeJournalinfo { writer.cv("TypeJournalinfo", info) }
            writer.cv("KodetOpplysning", kodetOpplysning)
            writer.element("DokIdForesp", text: dokID)
            for rolle in roller { rolle.write(to: &writer, persons) }
        }
    }
}

extension RollerRelatertNotat {
    fileprivate func check() throws(EnvelopeError) {
        for case .professional(let professional)? in [who, tilknyttetEnhet?.who] { try professional.person.check() }
        for case .person(let person)? in [who, tilknyttetEnhet?.who] { try person.check() }
        if let tilknyttetEnhet {
            guard tilknyttetEnhet.kontaktenhet.professional == nil else {
                throw EnvelopeError(.documentIncomplete, reason: "a contact unit has no place for a person in it")
            }
            try tilknyttetEnhet.kontaktenhet.check("Kontaktenhet")
        }
    }

    fileprivate func write(to writer: inout XMLWriter, _ persons: PersonSchema) {
        writer.element("RollerRelatertNotat") { writer in
            writer.cv("RolleNotat", rolleNotat)
            writer.cv("RoleToPatient", roleToPatient)
            if let unit = tilknyttetEnhet {
                writer.element("TilknyttetEnhet") { writer in
                    PersonSchema.felleskomponent1.write(unit.kontaktenhet, as: "Kontaktenhet", to: &writer)
                    writer.element("Merknad", text: unit.merknad)
                    unit.who?.write(to: &writer, persons)
                }
            }
            who?.write(to: &writer, persons)
        }
    }
}

extension RollerRelatertNotat.Who {
    fileprivate func write(to writer: inout XMLWriter, _ persons: PersonSchema) {
        switch self {
        case .professional(let professional): persons.write(professional, to: &writer)
        case .person(let person): persons.write(person, as: "Person", to: &writer)
        }
    }
}
