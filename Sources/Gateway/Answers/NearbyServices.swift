import Foundation
import Practice

/// Finds the services of the family's own bydel: in the directories that the settings name, otherwise in the registry that the node
/// works by. It is read whole, which takes its time for a national one; answers are given by people.
struct NearbyServices: Sendable {
    static let largestFile = 64 << 20
    static let most = 5

    private let registry: DoorRegistry

    /// Whether there is nothing to look in.
    var isEmpty: Bool { registry.book.offers.isEmpty }

    /// - Throws: ``AnswerError`` `.services`, which names the file or the field; ``StoreError``, ``RegistryError`` when the registry in
    ///   the store cannot be read.
    init(_ settings: NodeSettings, in store: GatewayStore) throws {
        registry =
            try settings.letters.services.isEmpty && store.registryVersion() != nil
            ? DoorRegistry(store.registryBook())
            : Self.read([settings.registry.file] + settings.registry.also + settings.letters.services)
    }

    private static func read(_ paths: [String]) throws(AnswerError) -> DoorRegistry {
        var files: [[UInt8]] = []
        for path in paths {
            guard let content = FileManager.default.contents(atPath: path), content.count <= largestFile else {
                throw AnswerError(.services, "\(path) cannot be read; correct letters.services")
            }
            files.append(Array(content))
        }
        do {
            // Nothing here is trusted for its certificates: they are not looked at.
            return DoorRegistry(try DoorFile.read(files) { _ in CertificateFacts(sha1: "", sha256: "") })
        } catch {
            throw AnswerError(.services, "the directories of services (letters.services) cannot be read: \(error)")
        }
    }

    /// - Parameters:
    ///   - name: name or number of a bydel.
    ///   - need: what the child needs, in a few words; empty for everything that there is.
    /// - Throws: ``AnswerError`` `.area` for a name that none or several have.
    func services(
        in name: String, need: String, age: Int, on day: LetterDay
    ) throws(AnswerError) -> (bydel: String, services: [AnswerFile.Service]) {
        guard let day = DoorDay(day.year, day.month, day.day) else { return ("", []) }
        let bare = name.lowercased().hasPrefix("bydel ") ? String(name.dropFirst(6)) : name
        let found = registry.book.geography.areas(named: bare).filter { $0.period.contains(day) }
        guard found.count == 1, let area = found.first else {
            throw AnswerError(
                .area,
                found.isEmpty
                    ? "'\(name.prefix(60))' is no area in the directory of services; write the bydel's name or number"
                    : "several areas are called '\(name.prefix(60))'; write the number of one: \(found.map(\.id.value).joined(separator: ", "))"
            )
        }
        let answer = ServiceSearch(registry).search(need, area: area.id, age: age, on: day, limit: Self.most)
        let services = answer.hits.compactMap { hit -> AnswerFile.Service? in
            guard case .offer(let offer) = hit.found, !offer.audience.elementsEqual([.professionals]) else { return nil }
            return AnswerFile.Service(offer.name, what: offer.about, phone: offer.phone.flatMap { PhoneNumber($0) })
        }
        return (area.kind == .bydel ? "Bydel \(area.name)" : area.name, services)
    }

    /// A number to call at a door, where a service there has one.
    func phone(of door: HERID) -> PhoneNumber? {
        let offer = registry.book.offers.first { $0.door?.description == door.value && $0.phone != nil }
        return offer?.phone.flatMap { PhoneNumber($0) }
    }
}
