extension DoorFile {
    /// The book as one file. What was read from such a file is written with the same values, doors and lists in their order.
    public static func written(_ book: DoorBook) -> [UInt8] {
        let begun = Set(book.geography.reforms.flatMap { $0.begins.map(\.id) })
        let ended = Set(book.geography.reforms.flatMap(\.ends))
        let areas = book.geography.areas.values.filter { !begun.contains($0.id) }.sorted { $0.id < $1.id }
        var out = Array("{".utf8)
        if let description = book.description {
            out += Array("\n  \"description\": ".utf8) + RegistryNode.text(description).json() + Array(",".utf8)
        }
        list("parties", book.doors, to: &out, node)
        list("agreements", book.agreements, to: &out) { $0 }
        list("areas", areas, to: &out) { node($0, endsByReform: ended.contains($0.id)) }
        list("reforms", book.geography.reforms, to: &out, node)
        list("needs", book.rules, to: &out, node)
        list("catchments", book.catchments, to: &out, node)
        list("vocabulary", book.vocabulary.terms, to: &out, node)
        list("services", book.offers, to: &out, node)
        list("deputies", book.deputies, to: &out, node)
        return out + Array("\n}\n".utf8)
    }

    /// One party as an object of the list `parties`, on one line. The same door gives the same bytes.
    public static func written(_ door: Door) -> [UInt8] { node(door).json() }

    /// One entry a line, written and forgotten: a national registry is large. The parties come first, even when there are none.
    private static func list<Entry>(
        _ name: String, _ entries: [Entry], to out: inout [UInt8], _ node: (Entry) -> RegistryNode
    ) {
        let isFirst = name == "parties"
        if entries.isEmpty, !isFirst { return }
        out += Array("\(isFirst ? "" : ",")\n  \"\(name)\": [".utf8)
        for (number, entry) in entries.enumerated() {
            out += Array((number == 0 ? "\n    " : ",\n    ").utf8)
            out += node(entry).json()
        }
        out += Array("\n  ]".utf8)
    }

    private static func node(_ door: Door) -> RegistryNode {
        var out = Members()
        out.text("herId", door.id.description)
        out.text("kind", door.kind.rawValue)
        out.text("name", door.name)
        out.text("displayName", door.displayName)
        out.text("parent", door.parent?.description)
        out.text("organisationNumber", door.organisationNumber)
        out.text("hprNumber", door.hprNumber)
        out.code("businessType", door.businessType)
        out.code("serviceType", door.serviceType)
        out.text("bydel", door.area?.value)
        out.text("municipality", door.municipality?.value)
        out.period(door.period)
        if !door.isActive { out.add("active", .flag(false)) }
        if let capabilities = door.capabilities {
            var inner = Members()
            inner.texts("protections", capabilities.protections)
            inner.texts("profiles", capabilities.profiles)
            inner.texts("attachmentFormats", capabilities.attachmentFormats)
            inner.number("maxBytes", capabilities.maxBytes)
            out.add("capabilities", inner.node)
        }
        let own = door.endpoints.first { $0.type == DoorEndpoint.ebXML }
        out.text("endpoint", own?.address)
        out.list("addresses", door.endpoints.filter { $0 != own }) { (out, endpoint) in
            out.text("type", endpoint.type)
            out.text("address", endpoint.address)
        }
        certificates(of: door, to: &out)
        return out.node
    }

    private static func certificates(of door: Door, to out: inout Members) {
        var stated = Members()
        for use in [DoorCertificate.Use.signing, .encryption] {
            stated.texts(use.rawValue, door.certificates.filter { $0.use == use }.compactMap(\.stated))
        }
        if !stated.isEmpty { out.add("certificates", stated.node) }
        out.list("fingerprints", door.certificates.filter { $0.stated == nil }) { (out, certificate) in
            if certificate.use != .unstated { out.text("use", certificate.use.rawValue) }
            out.text("fingerprint", certificate.fingerprint)
            out.text("organisationNumber", certificate.organisationNumber)
            out.period(certificate.period)
        }
    }

    private static func node(_ area: Area, endsByReform: Bool) -> RegistryNode {
        var out = Members()
        out.text("id", area.id.value)
        out.text("kind", area.kind.rawValue)
        out.text("name", area.name)
        out.texts("aliases", area.aliases)
        out.text("parent", area.parent?.value)
        out.texts("parts", area.parts.map(\.value))
        out.period(DoorPeriod(from: area.period.from, to: endsByReform ? nil : area.period.to))
        return out.node
    }

    private static func node(_ reform: Reform) -> RegistryNode {
        var out = Members()
        out.text("id", reform.id)
        out.text("name", reform.name)
        out.text("effective", reform.effective.description)
        out.texts("ends", reform.ends.map(\.value))
        out.add("areas", .list(reform.begins.map { node($0, endsByReform: false) }))
        return out.node
    }

    private static func node(_ rule: NeedRule) -> RegistryNode {
        var out = Members()
        out.text("need", rule.need.id)
        out.text("label", rule.label)
        out.codes("serviceTypes", rule.serviceTypes)
        out.codes("businessTypes", rule.businessTypes)
        out.texts("reach", rule.reach.map(\.rawValue))
        return out.node
    }

    private static func node(_ catchment: Catchment) -> RegistryNode {
        var out = Members()
        out.text("need", catchment.need.id)
        out.text("herId", catchment.door.description)
        out.texts("areas", catchment.areas.map(\.value))
        out.period(catchment.period)
        return out.node
    }

    private static func node(_ term: Vocabulary.Term) -> RegistryNode {
        var out = Members()
        out.text("id", term.id)
        out.text("label", term.label)
        out.texts("words", term.words)
        out.texts("broader", term.broader)
        out.codes("serviceTypes", term.serviceTypes)
        return out.node
    }

    private static func node(_ offer: ServiceOffer) -> RegistryNode {
        var out = Members()
        out.text("id", offer.id)
        out.text("name", offer.name)
        out.text("herId", offer.door?.description)
        out.text("area", offer.area.value)
        out.texts("terms", offer.terms)
        if let ages = offer.ages {
            var inner = Members()
            inner.number("from", ages.lowerBound)
            inner.number("to", ages.upperBound)
            out.add("ages", inner.node)
        }
        out.texts("for", offer.audience.map(\.rawValue))
        out.text("access", offer.access.rawValue)
        out.text("phone", offer.phone)
        out.text("page", offer.page)
        out.text("about", offer.about)
        out.period(offer.period)
        return out.node
    }

    private static func node(_ line: DeputyLine) -> RegistryNode {
        var out = Members()
        out.text("herId", line.door.description)
        out.texts("next", line.next.map(\.description))
        out.number("workingHours", line.workingHours)
        out.list("closed", line.closures) { (out, closure) in
            out.text("herId", closure.door.description)
            out.period(closure.period)
        }
        return out.node
    }

    /// The members of an object, without those that say nothing.
    private struct Members {
        private var members: [RegistryNode.Member] = []
        var node: RegistryNode { .object(members) }
        var isEmpty: Bool { members.isEmpty }

        mutating func add(_ name: String, _ value: RegistryNode) { members.append(RegistryNode.Member(name, value)) }
        mutating func text(_ name: String, _ text: String?) { if let text { add(name, .text(text)) } }
        mutating func texts(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { add(name, .list(texts.map(RegistryNode.text))) }
        }
        mutating func number(_ name: String, _ number: Int?) { if let number { add(name, .number(String(number))) } }
        mutating func code(_ name: String, _ code: DoorCode?) { if let code { add(name, Self.node(code)) } }
        mutating func codes(_ name: String, _ codes: [DoorCode]) { if !codes.isEmpty { add(name, .list(codes.map(Self.node))) } }

        mutating func period(_ period: DoorPeriod) {
            text("validFrom", period.from?.description)
            text("validTo", period.to?.description)
        }

        mutating func list<Entry>(_ name: String, _ entries: [Entry], _ write: (inout Members, Entry) -> Void) {
            let nodes = entries.map { entry in
                var inner = Members()
                write(&inner, entry)
                return inner.node
            }
            if !nodes.isEmpty { add(name, .list(nodes)) }
        }

        private static func node(_ code: DoorCode) -> RegistryNode {
            .object([RegistryNode.Member("code", .text(code.code)), RegistryNode.Member("oid", .text(code.oid))])
        }
    }
}
