/// Walks a FHIR object: what is taken is known, what is left over is reported as tolerated.
///
/// FHIR forbids to overlook what changes a resource's meaning: `modifierExtension` and `implicitRules` are refused wherever
/// they stand.
final class FHIRReader {
    private(set) var deviations: [ConsentDeviation] = []

    func report(_ place: String, _ what: ConsentDeviation.What) {
        deviations.append(ConsentDeviation(place: place, what: what))
    }

    /// The members of an object.
    /// - Throws: `.notUnderstood` for a modifier.
    func object(
        _ value: CanonicalJSON?, _ place: String, knows known: Set<String>
    ) throws(ConsentError) -> [String: CanonicalJSON] {
        guard case .object(let members)? = value else {
            if value != nil { report(place, .otherType) }
            return [:]
        }
        for key in members.keys.sorted() {
            if key == "modifierExtension" || key == "implicitRules" {
                throw ConsentError(.notUnderstood, at: "\(place).\(key)", reason: "changes the meaning in a way we do not know")
            }
            // `_name` carries extensions of a primitive; `text` is narrative, `id` a local mark.
            if !known.contains(key) { report("\(place).\(Self.shown(key))", .ignored) }
        }
        return members
    }

    /// An array; a single value where an array belongs is tolerated.
    func array(_ value: CanonicalJSON?, _ place: String) -> [CanonicalJSON] {
        guard let value else { return [] }
        if let items = value.items { return items }
        report(place, .notAnArray)
        return [value]
    }

    /// The code of `system` in a CodeableConcept; others beside it are passed over.
    func code(_ concept: CanonicalJSON?, _ place: String, system: String) throws(ConsentError) -> String? {
        guard concept != nil else { return nil }
        let members = try object(concept, place, knows: ["coding", "text", "id"])
        for coding in array(members["coding"], "\(place).coding") where coding["system"]?.text == system {
            return coding["code"]?.text
        }
        report(place, .otherCodeSystem)
        return nil
    }

    /// The `valueX` of our extensions in `value`, by url; other extensions are reported.
    func extensions(_ value: CanonicalJSON?, _ place: String, knows known: Set<String>) -> [String: CanonicalJSON] {
        var found: [String: CanonicalJSON] = [:]
        for item in array(value, "\(place).extension") {
            guard let url = item["url"]?.text, known.contains(url) else {
                report("\(place).extension", .ignored)
                continue
            }
            found[url] = item
        }
        return found
    }

    /// A foreign key as it may be shown: letters and digits only, so that no text of a person slips through as a key.
    private static func shown(_ key: String) -> String {
        let isName = key.utf8.count <= 40 && key.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x5F }
        return isName ? key : "(unknown)"
    }
}

/// What was tolerated while a consent of another's making was read.
public struct ConsentDeviation: Sendable, Hashable, CustomStringConvertible {
    public enum What: String, Sendable, Hashable {
        /// An element we do not know, which cannot change the meaning.
        case ignored
        case otherType, notAnArray, otherCodeSystem, unknownCode
        /// A moment where a day belongs: of a consent the shorter reading was taken, of an objection the longer.
        case roundedToDay
        /// Missing though FHIR or our form requires it.
        case missing
        /// Read well, and not written as we write it: the digest is that of the bytes received.
        case notCanonical
    }
    public let place: String
    public let what: What
    public var description: String { "\(place): \(what.rawValue)" }
}
