import Native

extension Dialogmelding {
    /// - Throws: ``EnvelopeError`` `.documentUnknown` for another root, `.documentIncomplete` for a note without `TemaKodet`
    ///   or a question without `TypeForesp`.
    init(reading root: XMLNode, in path: String = "", log: DeviationLog) throws(EnvelopeError) {
        guard root.name == "Dialogmelding", let version = Version.allCases.first(where: { $0.namespace == root.namespace })
        else {
            throw EnvelopeError(.documentUnknown, reason: "the payload is no Dialogmelding 1.0 or 1.1", place: path)
        }
        let reader = ElementReader(
            root, order: ["SakstypeKodet", "Sakstype", "Foresporsel", "Notat"], namespace: version.namespace, in: path, log: log)
        let schema = DialogSchema(version: version)
        var foresporsler: [Foresporsel] = []
        for node in reader.all("Foresporsel") { foresporsler.append(try schema.foresporsel(node, of: reader)) }
        var notater: [Notat] = []
        for node in reader.all("Notat") { notater.append(try schema.notat(node, of: reader)) }
        if !foresporsler.isEmpty, !notater.isEmpty { log.note("both questions and notes", at: reader.path) }
        if foresporsler.isEmpty, notater.isEmpty { log.note("neither question nor note", at: reader.path) }
        self.init(
            version: version, sakstypeKodet: reader.coded("SakstypeKodet"), sakstype: reader.text("Sakstype"),
            foresporsler: foresporsler, notater: notater)
    }
}

private struct DialogSchema {
    let version: Dialogmelding.Version
    var persons: PersonSchema { .dialogmelding(namespace: version.namespace) }

    func notat(_ node: XMLNode, of reader: ElementReader) throws(EnvelopeError) -> Notat {
        let reader = reader.child(
            node,
            order: [
                "TemaKodet", "Tema", "TekstNotatInnhold", "Merknad", "DokIdNotat", "DatoNotat", "Foresporsel",
                "RollerRelatertNotat",
            ], namespace: version.namespace)
        var question: Foresporsel?
        if let node = reader.one("Foresporsel") { question = try foresporsel(node, of: reader) }
        return Notat(
            temaKodet: reader.coded(try reader.required("TemaKodet")), tema: reader.text("Tema"),
            tekst: reader.richText("TekstNotatInnhold"), merknad: reader.text("Merknad"), dokID: reader.text("DokIdNotat"),
            dato: reader.timeText("DatoNotat"), foresporsel: question, roller: roller(reader))
    }

    func foresporsel(_ node: XMLNode, of reader: ElementReader) throws(EnvelopeError) -> Foresporsel {
        let reader = reader.child(
            node,
            order: [
                "TypeForesp", "EmneSporsmal", "Sporsmal", "Formål", "Begrunnelse", "Hastegrad", "FraDato", "TilDato",
                "TypeJournalinfo", "KodetOpplysning", "DokIdForesp", "RollerRelatertNotat",
            ], namespace: version.namespace)
        return Foresporsel(
            type: reader.coded(try reader.required("TypeForesp")), emne: reader.text("EmneSporsmal"),
            sporsmal: reader.richText("Sporsmal"), formal: reader.coded("Formål"), begrunnelse: reader.text("Begrunnelse"),
            hastegrad: reader.coded("Hastegrad"), fraDato: reader.timeText("FraDato"), tilDato: reader.timeText("TilDato"),
            typeJournalinfo: reader.allCoded("TypeJournalinfo"), kodetOpplysning: reader.coded("KodetOpplysning"),
            dokID: reader.text("DokIdForesp"), roller: roller(reader))
    }

    private func roller(_ reader: ElementReader) -> [RollerRelatertNotat] {
        reader.all("RollerRelatertNotat").map { node in
            let role = reader.child(
                node, order: ["RolleNotat", "RoleToPatient", "TilknyttetEnhet", "HealthcareProfessional", "Person"],
                namespace: version.namespace)
            return RollerRelatertNotat(
                who(role), rolleNotat: role.coded("RolleNotat"), roleToPatient: role.coded("RoleToPatient"),
                tilknyttetEnhet: role.one("TilknyttetEnhet").flatMap { unit($0, of: role) })
        }
    }

    private func who(_ reader: ElementReader) -> RollerRelatertNotat.Who? {
        if let node = reader.one("HealthcareProfessional") { return .professional(persons.professional(node, of: reader)) }
        return reader.one("Person").map { .person(persons.person($0, of: reader)) }
    }

    private func unit(_ node: XMLNode, of reader: ElementReader) -> RollerRelatertNotat.TilknyttetEnhet? {
        let reader = reader.child(
            node, order: ["Kontaktenhet", "Merknad", "HealthcareProfessional", "Person"], namespace: version.namespace)
        guard let kontaktenhet = reader.one("Kontaktenhet") else { return nil }
        return RollerRelatertNotat.TilknyttetEnhet(
            kontaktenhet: PersonSchema.felleskomponent1.organisation(kontaktenhet, of: reader), merknad: reader.text("Merknad"),
            who: who(reader))
    }
}
