import Foundation
import Native

/// One element of a CPP or CPA while it is read.
struct AgreementElement {
    static let namespace = "http://www.oasis-open.org/committees/ebxml-cppa/schema/cpp-cpa-2_0.xsd"
    private static let instance = "http://www.w3.org/2001/XMLSchema-instance"

    let node: XMLNode
    let log: DeviationLog

    var place: String { node.name }
    var text: String { node.text.trimmed }

    /// The agreement or profile in an answer: the root, or what is alone inside it. nil when the answer is `nil`.
    static func root(_ name: String, parsing bytes: [UInt8]) throws(EnvelopeError) -> AgreementElement? {
        let document: XMLDocument
        do {
            document = try XMLDocument(parsing: bytes, limits: XMLLimits(bytes: 8 << 20, depth: 60))
        } catch {
            throw EnvelopeError(error.code == .xmlRefused ? .xmlRefused : .xmlMalformed, reason: error.reason)
        }
        var node = document.root
        while !node.is(name, namespace) {
            if ["true", "1"].contains(node.attribute("nil", instance)?.trimmed) { return nil }
            let children = node.children
            guard children.count == 1 else { throw EnvelopeError(.agreementMalformed, reason: "there is no \(name)") }
            node = children[0]
        }
        return AgreementElement(node: node, log: DeviationLog())
    }

    func children(_ name: String) -> [AgreementElement] {
        node.children(name, Self.namespace).map { AgreementElement(node: $0, log: log) }
    }

    func child(_ name: String) -> AgreementElement? {
        node.child(name, Self.namespace).map { AgreementElement(node: $0, log: log) }
    }

    /// An attribute without white space around it; nil when it is absent or empty.
    func attribute(_ name: String) -> String? {
        let value = (node.attribute(name, Self.namespace) ?? node.attribute(name))?.trimmed
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    func required(_ name: String) throws(EnvelopeError) -> String {
        guard let value = attribute(name) else { throw malformed("\(name) is missing") }
        return value
    }

    func time(_ name: String) throws(EnvelopeError) -> Date? {
        guard let text = child(name)?.text else { return nil }
        guard let time = try? EbXMLTimestamp(parsing: text) else { throw malformed("\(name) is no time") }
        return time.date
    }

    /// `xs:duration` of days, hours, minutes and seconds. Years and months have no length; they are reported and not read.
    func duration(_ name: String) -> Duration? {
        guard let text = child(name)?.text else { return nil }
        let seconds = Self.seconds(text)
        if seconds == nil { log.note("a duration is not one of days, hours, minutes and seconds", at: name) }
        return seconds.map { .seconds($0) }
    }

    func malformed(_ reason: String) -> EnvelopeError { EnvelopeError(.agreementMalformed, reason: reason, place: place) }

    private static func seconds(_ text: String) -> Int? {
        guard text.hasPrefix("P"), text.utf8.count <= 40 else { return nil }
        var (total, number, isTime) = (0, "", false)
        for character in text.dropFirst() {
            switch character {
            case "0"..."9": number.append(character)
            case "T" where !isTime && number.isEmpty: isTime = true
            case "D", "H", "M", "S":
                let units: [Character: Int] = isTime ? ["H": 3600, "M": 60, "S": 1] : ["D": 86_400]
                guard let unit = units[character], let count = Int(number), count < 1_000_000 else { return nil }
                total += count * unit
                number = ""
            default: return nil
            }
        }
        return number.isEmpty && text.utf8.count > 2 ? total : nil
    }
}
