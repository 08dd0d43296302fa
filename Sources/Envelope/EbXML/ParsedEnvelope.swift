import Native
import Synchronization

/// A SOAP part with its tree, parsed once for all who look at it.
///
/// `@unchecked Sendable`: nobody changes the tree, and one thread at a time reads it.
final class ParsedEnvelope: @unchecked Sendable {
    let soap: [UInt8]
    private let envelope: SOAPEnvelope
    private let turn = Mutex(())

    /// - Throws: what is no XML or no SOAP envelope of ebXML's shape.
    init(_ soap: [UInt8]) throws(EnvelopeError) {
        envelope = try SOAPEnvelope(XMLDocument.ebXML(parsing: soap))
        self.soap = soap
    }

    /// Looks at the tree. None of its nodes may leave `body`.
    func read<Result: Sendable>(_ body: (SOAPEnvelope) throws(EnvelopeError) -> Result) throws(EnvelopeError) -> Result {
        try turn.withLock { _ throws(EnvelopeError) in try body(envelope) }
    }
}

/// By the bytes: the same bytes make the same tree.
extension ParsedEnvelope: Hashable {
    static func == (lhs: ParsedEnvelope, rhs: ParsedEnvelope) -> Bool { lhs.soap == rhs.soap }
    func hash(into hasher: inout Hasher) { hasher.combine(soap) }
}
