/// Our own file format: JSON, described in samples/README.md. What older files hold reads as before; a registry may lie in
/// several files, which together make one ``DoorBook``.
public enum DoorFile {
    /// Says what a certificate is that the file states as PEM or as the path of a PEM file; nil when it is none.
    public typealias CertificateReading = @Sendable (_ stated: String) -> CertificateFacts?

    /// For files that state no certificates: each one is refused.
    public static let noCertificates: CertificateReading = { _ in nil }

    /// - Throws: ``DoorError`` that names the file by its number from 0 when there are several, the field and what is wrong.
    public static func read(_ files: [[UInt8]], certificates: CertificateReading) throws(DoorError) -> DoorBook {
        var book = DoorBook()
        var areas: [Area] = []
        var reforms: [Reform] = []
        var terms: [Vocabulary.Term] = []
        for (number, file) in files.enumerated() {
            let place = files.count > 1 ? "file \(number)" : ""
            let root = try RegistryNode(json: file, passing: "parties") { (number, node) throws(DoorError) in
                let inner = place.isEmpty ? "parties[\(number)]" : "\(place).parties[\(number)]"
                book.doors.append(try door(try DoorFields(node, at: inner, known: partyFields), certificates))
            }
            let fields = try DoorFields(root, at: place, known: known)
            // They have been read; here it is only said when it is no list.
            _ = try fields.list("parties")
            if book.description == nil { book.description = try fields.text("description") }
            book.agreements += try fields.list("agreements")
            areas += try fields.each("areas", known: areaFields) { (entry) throws(DoorError) in try area(entry) }
            reforms += try fields.each("reforms", known: ["id", "name", "effective", "ends", "areas"]) {
                (entry) throws(DoorError) in try reform(entry)
            }
            book.rules += try fields.each("needs", known: ["need", "label", "serviceTypes", "businessTypes", "reach"]) {
                (entry) throws(DoorError) in try rule(entry)
            }
            book.catchments += try fields.each("catchments", known: ["need", "herId", "areas", "validFrom", "validTo"]) {
                (entry) throws(DoorError) in try catchment(entry)
            }
            terms += try fields.each("vocabulary", known: ["id", "label", "words", "broader", "serviceTypes"]) {
                (entry) throws(DoorError) in try term(entry)
            }
            book.offers += try fields.each("services", known: offerFields) { (entry) throws(DoorError) in try offer(entry) }
            book.deputies += try fields.each("deputies", known: ["herId", "next", "workingHours", "closed"]) {
                (entry) throws(DoorError) in try deputies(entry)
            }
        }
        book.geography = try Geography(areas: areas, reforms: reforms)
        book.vocabulary = Vocabulary(terms: terms)
        try check(book)
        return book
    }

    static let known = [
        "description", "parties", "agreements", "areas", "reforms", "needs", "catchments", "vocabulary", "services", "deputies",
    ]
    private static let areaFields = ["id", "kind", "name", "aliases", "parent", "parts", "validFrom", "validTo"]
    private static let offerFields = [
        "id", "name", "herId", "area", "terms", "ages", "for", "access", "phone", "page", "about", "validFrom", "validTo",
    ]

    // MARK: What must hold across the files

    private static func check(_ book: DoorBook) throws(DoorError) {
        var doors: [DoorID: Door] = [:]
        for door in book.doors where doors.updateValue(door, forKey: door.id) != nil {
            throw DoorError(.duplicate, door: door.id, at: "herId", "is there twice")
        }
        for door in book.doors {
            guard let parent = door.parent else { continue }
            guard let above = doors[parent] else {
                throw DoorError(.unknownParent, door: door.id, at: "parent", "\(parent) is not in the registry")
            }
            // Two levels is all there are, so a loop is a parent that is no organisation.
            guard above.kind == .organisation else {
                throw DoorError(.parentLoop, door: door.id, at: "parent", "\(parent) is no organisation")
            }
        }
        try checkReferences(book, doors: Set(doors.keys))
    }

    private static func checkReferences(_ book: DoorBook, doors: Set<DoorID>) throws(DoorError) {
        func exists(_ area: AreaID, at place: String) throws(DoorError) {
            guard book.geography.areas[area] != nil else { throw DoorError(.unknownArea, at: place, "\(area) is not known") }
        }
        for catchment in book.catchments {
            guard doors.contains(catchment.door) else {
                throw DoorError(.invalidValue, door: catchment.door, at: "catchments", "is not in the registry")
            }
            for area in catchment.areas { try exists(area, at: "catchments of \(catchment.door)") }
        }
        var terms: Set<String> = []
        for term in book.vocabulary.terms where !terms.insert(term.id).inserted {
            throw DoorError(.duplicate, at: "vocabulary \(term.id)", "is there twice")
        }
        for term in book.vocabulary.terms {
            if let stranger = term.broader.first(where: { !terms.contains($0) }) {
                throw DoorError(
                    .unknownTerm, at: "vocabulary \(term.id).broader", "\(stranger.prefix(40)) is not in the vocabulary")
            }
        }
        var offers: Set<String> = []
        for offer in book.offers {
            guard offers.insert(offer.id).inserted else {
                throw DoorError(.duplicate, at: "services \(offer.id)", "is there twice")
            }
            try exists(offer.area, at: "services \(offer.id).area")
            if let stranger = offer.terms.first(where: { !terms.contains($0) }) {
                throw DoorError(.unknownTerm, at: "services \(offer.id).terms", "\(stranger.prefix(40)) is not in the vocabulary")
            }
            if let door = offer.door, !doors.contains(door) {
                throw DoorError(.invalidValue, door: door, at: "services \(offer.id).herId", "is not in the registry")
            }
        }
        var lines: Set<DoorID> = []
        for line in book.deputies {
            guard lines.insert(line.door).inserted else {
                throw DoorError(.duplicate, door: line.door, at: "deputies", "is there twice")
            }
            for id in [line.door] + line.next where !doors.contains(id) {
                throw DoorError(.invalidValue, door: id, at: "deputies of \(line.door)", "is not in the registry")
            }
        }
    }

    // MARK: Places, words and services

    private static func area(_ fields: DoorFields) throws(DoorError) -> Area {
        Area(
            id: AreaID(try fields.required("id")), kind: try fields.choice("kind", Area.Kind.self) ?? .bydel,
            name: try fields.required("name"), aliases: try fields.texts("aliases"),
            parent: try fields.text("parent").map(AreaID.init),
            parts: try fields.texts("parts").map(AreaID.init), period: try fields.period())
    }

    private static func reform(_ fields: DoorFields) throws(DoorError) -> Reform {
        guard let day = try fields.day("effective") else { throw fields.error(.malformed, "effective", "is missing") }
        return Reform(
            id: try fields.required("id"), name: try fields.required("name"), effective: day,
            ends: try fields.texts("ends").map(AreaID.init),
            begins: try fields.each("areas", known: areaFields) { (entry) throws(DoorError) in try area(entry) })
    }

    private static func rule(_ fields: DoorFields) throws(DoorError) -> NeedRule {
        var reach: [NeedRule.Reach] = []
        for word in try fields.texts("reach") {
            guard let known = NeedRule.Reach(rawValue: word) else {
                throw fields.error(.invalidValue, "reach", "is none of catchment, area, assignment")
            }
            reach.append(known)
        }
        guard !reach.isEmpty else { throw fields.error(.malformed, "reach", "is missing") }
        return NeedRule(
            Need(try fields.required("need")), label: try fields.required("label"), serviceTypes: try codes(fields),
            businessTypes: try codes(fields, "businessTypes"), reach: reach)
    }

    private static func codes(_ fields: DoorFields, _ name: String = "serviceTypes") throws(DoorError) -> [DoorCode] {
        try fields.each(name, known: ["code", "oid"]) { (entry) throws(DoorError) in
            DoorCode(try entry.required("code"), list: try entry.required("oid"))
        }
    }

    private static func catchment(_ fields: DoorFields) throws(DoorError) -> Catchment {
        guard let door = try fields.door("herId") else { throw fields.error(.malformed, "herId", "is missing") }
        let areas = try fields.texts("areas").map(AreaID.init)
        guard !areas.isEmpty else { throw fields.error(.malformed, "areas", "is missing or empty") }
        return Catchment(need: Need(try fields.required("need")), door: door, areas: areas, period: try fields.period())
    }

    private static func term(_ fields: DoorFields) throws(DoorError) -> Vocabulary.Term {
        Vocabulary.Term(
            id: try fields.required("id"), label: try fields.required("label"), words: try fields.texts("words"),
            broader: try fields.texts("broader"), serviceTypes: try codes(fields))
    }

    private static func offer(_ fields: DoorFields) throws(DoorError) -> ServiceOffer {
        var offer = ServiceOffer(
            id: try fields.required("id"), name: try fields.required("name"), door: try fields.door("herId"),
            area: AreaID(try fields.required("area")), terms: try fields.texts("terms"), period: try fields.period())
        if fields.value("ages") != nil {
            let ages = try DoorFields(fields.value("ages") ?? .null, at: "\(fields.place).ages", known: ["from", "to"])
            guard let from = try ages.integer("from"), let to = try ages.integer("to"), from <= to, to <= 120 else {
                throw fields.error(.invalidValue, "ages", "is not from a year to a year")
            }
            offer.ages = from...to
        }
        for word in try fields.texts("for") {
            guard let audience = ServiceOffer.Audience(rawValue: word) else {
                throw fields.error(.invalidValue, "for", "holds something else than barn, ungdom, foreldre, fagfolk")
            }
            offer.audience.append(audience)
        }
        offer.access = try fields.choice("access", ServiceOffer.Access.self) ?? .direct
        (offer.phone, offer.page, offer.about) = (try fields.text("phone"), try fields.text("page"), try fields.text("about"))
        return offer
    }

    private static func deputies(_ fields: DoorFields) throws(DoorError) -> DeputyLine {
        guard let door = try fields.door("herId") else { throw fields.error(.malformed, "herId", "is missing") }
        guard let hours = try fields.integer("workingHours"), hours > 0 else {
            throw fields.error(.invalidValue, "workingHours", "is not a whole number above 0")
        }
        let next = try fields.doors("next")
        guard !next.contains(door), Set(next).count == next.count else {
            throw fields.error(.invalidValue, "next", "names a door twice, or the door itself")
        }
        let closed = try fields.each("closed", known: ["herId", "validFrom", "validTo"]) { (entry) throws(DoorError) in
            DeputyLine.Closure(door: try entry.door("herId") ?? door, period: try entry.period())
        }
        return DeputyLine(door: door, next: next, workingHours: hours, closures: closed)
    }
}
