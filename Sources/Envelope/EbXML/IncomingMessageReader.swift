import Native

/// What a listener does with the body of a message as it arrives: the payload's bytes are for the spool.
public enum SpoolEvent: Sendable, Hashable {
    /// - Parameter index: ``ReceivedPart/index``.
    case partBegan(index: Int, contentID: ContentID)
    case bytes([UInt8])
    case partEnded(index: Int, length: Int)
}

/// Reads a message from a connection or a mail: the SOAP part is kept in memory, the payload parts are digested and handed out.
///
/// Memory depends on the SOAP part and the size of a chunk, not on the payload.
public struct IncomingMessageReader: ~Copyable {
    private var parser: MIMEBodyParser
    private var soap: [UInt8] = []
    private var parts: [ReceivedPart] = []
    private var open: MIMEPart?
    /// Of the part that is open; the SOAP part needs none, and a receipt has no other.
    private var digester: PartDigester?
    private var rootID: ContentID?
    private var deviations: [Deviation]
    private let algorithms: Set<DigestAlgorithm>

    /// - Parameters:
    ///   - headers: of the mail or the HTTP request.
    ///   - algorithms: digests to take beside SHA-256, for partners whose signatures name another.
    public init(
        headers: MIMEHeaders, limits: MIMELimits = MIMELimits(), alsoDigesting algorithms: Set<DigestAlgorithm> = []
    ) throws(EnvelopeError) {
        parser = try MIMEBodyParser(headers: headers, limits: limits)
        (deviations, self.algorithms) = (parser.deviations, algorithms)
    }

    /// Takes the next bytes of the body.
    public mutating func consume(_ chunk: [UInt8]) throws(EnvelopeError) -> [SpoolEvent] {
        try take(parser.consume(chunk))
    }

    /// To be called where the body ends.
    ///
    /// - Throws: `.mimeMalformed` when the body was cut off, and what ``UnverifiedMessage`` throws.
    public mutating func finish() throws(EnvelopeError) -> UnverifiedMessage {
        _ = try take(parser.finish())
        return try UnverifiedMessage(soap: soap, parts: parts, deviations: deviations)
    }

    private mutating func take(_ events: [MIMEEvent]) throws(EnvelopeError) -> [SpoolEvent] {
        var spooled: [SpoolEvent] = []
        for event in events {
            switch event {
            case .partBegan(let part): try begin(part, &spooled)
            case .partBytes(let bytes) where open?.isRoot ?? false: if soap.isEmpty { soap = bytes } else { soap += bytes }
            case .partBytes(let bytes):
                digester?.update(bytes)
                spooled.append(.bytes(bytes))
            case .partEnded(let length): end(length, &spooled)
            }
        }
        return spooled
    }

    private mutating func begin(_ part: MIMEPart, _ spooled: inout [SpoolEvent]) throws(EnvelopeError) {
        deviations += part.deviations
        open = part
        if part.isRoot {
            rootID = part.contentID
            guard !parts.contains(where: { $0.contentID == rootID }) else { throw Self.duplicate(part) }
            return
        }
        guard let contentID = part.contentID else {
            throw EnvelopeError(
                .partUnsigned, reason: "a part has no Content-ID, so nothing can sign it", place: "part \(part.index)")
        }
        guard contentID != rootID, !parts.contains(where: { $0.contentID == contentID }) else { throw Self.duplicate(part) }
        digester = PartDigester(algorithms)
        spooled.append(.partBegan(index: parts.count, contentID: contentID))
    }

    private mutating func end(_ length: Int, _ spooled: inout [SpoolEvent]) {
        defer { open = nil }
        guard let open, !open.isRoot, let contentID = open.contentID, let digests = digester.take()?.digests() else { return }
        spooled.append(.partEnded(index: parts.count, length: length))
        parts.append(
            ReceivedPart(
                index: parts.count, contentID: contentID, contentType: open.contentType, length: length,
                digests: digests))
    }

    private static func duplicate(_ part: MIMEPart) -> EnvelopeError {
        EnvelopeError(.mimeMalformed, reason: "two parts have the same Content-ID", place: "part \(part.index)")
    }
}

/// All digests of one part in one pass.
private struct PartDigester: ~Copyable {
    private var sha256 = Digest(.sha256)
    private var sha1: Digest?
    private var sha384: Digest?
    private var sha512: Digest?

    init(_ algorithms: Set<DigestAlgorithm>) {
        sha1 = algorithms.contains(.sha1) ? Digest(.sha1) : nil
        sha384 = algorithms.contains(.sha384) ? Digest(.sha384) : nil
        sha512 = algorithms.contains(.sha512) ? Digest(.sha512) : nil
    }

    mutating func update(_ bytes: [UInt8]) {
        sha256.update(bytes)
        sha1?.update(bytes)
        sha384?.update(bytes)
        sha512?.update(bytes)
    }

    consuming func digests() -> PartDigests {
        var others: [DigestAlgorithm: [UInt8]] = [:]
        others[.sha1] = sha1.take()?.finish()
        others[.sha384] = sha384.take()?.finish()
        others[.sha512] = sha512.take()?.finish()
        return PartDigests(sha256: sha256.finish(), others: others)
    }
}

extension SavedMessage {
    /// The message with its parts digested in every way a signature may name.
    public func unverified() throws(EnvelopeError) -> UnverifiedMessage {
        var received: [ReceivedPart] = []
        for (index, part) in parts.enumerated() {
            guard let contentID = part.part.contentID else {
                throw EnvelopeError(
                    .partUnsigned, reason: "a part has no Content-ID, so nothing can sign it", place: "part \(index)")
            }
            let others = [DigestAlgorithm.sha1, .sha384, .sha512].map { ($0, Digest.of(part.bytes, $0)) }
            received.append(
                ReceivedPart(
                    index: index, contentID: contentID, contentType: part.part.contentType, length: part.bytes.count,
                    digests: PartDigests(
                        sha256: Digest.of(part.bytes, .sha256), others: Dictionary(uniqueKeysWithValues: others))))
        }
        return try UnverifiedMessage(soap: soap, parts: received, deviations: deviations)
    }
}
