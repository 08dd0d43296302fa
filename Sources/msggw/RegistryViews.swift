import Foundation
import Practice

/// A resolution as it is printed.
struct ResolutionView: Encodable {
    struct Candidate: Encodable {
        let herId: String
        let areas: [String]
    }

    let need, day, outcome: String
    let herId: String?
    let candidates: [Candidate]?
    let text: [String]

    init(_ resolution: Resolution, in registry: DoorRegistry) {
        (need, day, text) = (resolution.need.id, resolution.day.description, resolution.bokmaal(in: registry))
        var candidates: [Candidate]?
        switch resolution.outcome {
        case .found: outcome = "found"
        case .several(let found):
            outcome = "several"
            candidates = found.map { Candidate(herId: $0.door.description, areas: $0.atoms.map(\.value)) }
        case .partly: outcome = "partly"
        case .none: outcome = "none"
        case .expired: outcome = "expired"
        case .notYet: outcome = "notYet"
        case .placeUnclear: outcome = "placeUnclear"
        case .protected: outcome = "protected"
        }
        self.candidates = candidates
        switch resolution.outcome {
        case .found(let door), .partly(let door, _), .expired(let door, _), .notYet(let door, _): herId = door.description
        case .several, .none, .placeUnclear, .protected: herId = nil
        }
    }
}

/// What a search found, as it is printed.
struct SearchView: Encodable {
    struct Hit: Encodable {
        let name: String
        let herId, phone, page: String?
        let why: [String]
    }

    struct Contact: Encodable { let herId, name: String }

    let hits: [Hit]
    let notUnderstood: [String]
    let contactPoints: [Contact]

    init(_ answer: ServiceSearch.Answer, _ search: ServiceSearch) {
        let registry = search.registry
        hits = answer.hits.map { hit in
            let why = search.bokmaal(hit)
            switch hit.found {
            case .offer(let offer):
                return Hit(name: offer.name, herId: offer.door?.description, phone: offer.phone, page: offer.page, why: why)
            case .door(let id):
                return Hit(
                    name: registry[id]?.shownName ?? id.description, herId: id.description, phone: nil, page: nil, why: why)
            }
        }
        notUnderstood = answer.notUnderstood
        contactPoints = answer.contactPoints.map { Contact(herId: $0.description, name: registry[$0]?.shownName ?? "") }
    }

    var text: String {
        var lines: [String] = []
        for hit in hits {
            let ways = [hit.herId.map { "HER-id \($0)" }, hit.phone.map { "tlf. \($0)" }, hit.page].compactMap(\.self)
            lines.append(ways.isEmpty ? hit.name : "\(hit.name)  (\(ways.joined(separator: ", ")))")
            lines += hit.why.map { "    \($0)" }
        }
        if hits.isEmpty { lines.append("Ingen tjeneste ble funnet.") }
        if !notUnderstood.isEmpty { lines.append("Ikke forstått: \(notUnderstood.joined(separator: ", "))") }
        for contact in contactPoints { lines.append("Kontaktpunkt: \(contact.name) (HER-id \(contact.herId))") }
        return lines.joined(separator: "\n")
    }
}

/// A door with what comes from its parent, as it is printed.
struct DoorView {
    let registry: DoorRegistry
    let door: Door
    let day: DoorDay

    var lines: [String] {
        var lines = ["\(door.shownName) (HER-id \(door.id))", "type         \(kind)"]
        func add(_ name: String, _ value: String?) {
            if let value { lines.append(name.padding(toLength: 13, withPad: " ", startingAt: 0) + value) }
        }
        add("del av", door.parent.map { "\(registry[$0]?.shownName ?? "?") (HER-id \($0))" })
        add("org.nr.", door.organisationNumber)
        add("HPR-nr.", door.hprNumber)
        add("tjeneste", door.serviceType?.description)
        add("virksomhet", door.businessType?.description)
        add("område", registry.area(of: door.id).map { "\(registry.book.geography.areas[$0]?.name ?? "") (\($0))" })
        add("gyldig", validity)
        for endpoint in door.endpoints { add("adresse", "\(endpoint.type) \(endpoint.address)") }
        for certificate in door.certificates {
            add("sertifikat", "\(certificate.use.rawValue) \(certificate.fingerprint)" + until(certificate.period))
        }
        if let can = door.capabilities {
            add("vern", can.protections.joined(separator: ", "))
            if !can.attachmentFormats.isEmpty { add("åpner", can.attachmentFormats.joined(separator: ", ")) }
            add("største", can.maxBytes.map { "\($0) byte" })
        }
        for line in registry.book.deputies where line.door == door.id {
            let names = line.next.map { "\(registry[$0]?.shownName ?? "?") (HER-id \($0))" }
            add("vikarer", "\(names.joined(separator: ", ")); \(line.workingHours) arbeidstimer hver")
        }
        return lines
    }

    private var kind: String {
        switch door.kind {
        case .organisation: "organisasjon"
        case .service: "tjeneste"
        case .person: "person"
        }
    }

    private var validity: String {
        let from = door.period.from.map { "fra \($0.bokmaal) " } ?? ""
        let to = door.period.to.map { "til og med \($0.bokmaal)" } ?? "uten sluttdato"
        let now =
            if !door.isActive {
                "registeret sier at den ikke tar imot meldinger"
            } else if door.period.isOver(on: day) {
                "utløpt"
            } else if door.period.isAhead(on: day) { "ikke begynt" } else { "gyldig \(day.bokmaal)" }
        return "\(from)\(to): \(now)"
    }

    private func until(_ period: DoorPeriod) -> String { period.to.map { ", til og med \($0.bokmaal)" } ?? "" }
}
