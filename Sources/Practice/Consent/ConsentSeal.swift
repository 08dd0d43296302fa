/// Takes a digest of bytes. The gateway passes SHA-256 in; this room does no cryptography.
public struct ConsentDigester: Sendable {
    public let algorithm: String
    let digest: @Sendable ([UInt8]) -> [UInt8]

    public init(algorithm: String, digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        (self.algorithm, self.digest) = (algorithm, digest)
    }

    func callAsFunction(_ bytes: [UInt8]) -> ConsentDigest { ConsentDigest(algorithm: algorithm, value: digest(bytes)) }
}

public struct ConsentDigest: Sendable, Hashable, CustomStringConvertible {
    public let algorithm: String
    public let value: [UInt8]

    public init(algorithm: String, value: [UInt8]) { (self.algorithm, self.value) = (algorithm, value) }

    /// `sha256:` and hexadecimal digits.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[1].utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        let digits = Array(parts[1].utf8)
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.nibble(digits[position]), let low = Self.nibble(digits[position + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(algorithm: String(parts[0]), value: bytes)
    }

    public var description: String {
        algorithm + ":" + value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// The recording party's signature over the bytes of a consent or withdrawal. What is in it is the gateway's affair.
public struct ConsentSignature: Sendable, Hashable {
    public let algorithm: String
    public let keyID: String
    public let bytes: [UInt8]

    public init(algorithm: String, keyID: String, bytes: [UInt8]) {
        (self.algorithm, self.keyID, self.bytes) = (algorithm, keyID, bytes)
    }
}

/// Says whose signature it is, or nil when it does not hold. Given by the gateway.
public typealias ConsentSignatureCheck = @Sendable (_ bytes: [UInt8], _ signature: ConsentSignature) -> PartyIdentity?

/// A consent as it travels: the bytes as received, and the signature. Nothing of it may be relied on before ``verified``.
public struct SignedConsent: Sendable, Hashable {
    public let bytes: [UInt8]
    public let signature: ConsentSignature

    public init(bytes: [UInt8], signature: ConsentSignature) { (self.bytes, self.signature) = (bytes, signature) }

    /// Signs a record: `sign` gets the bytes to sign.
    public init(
        _ record: ConsentRecord, sign: ([UInt8]) throws -> ConsentSignature
    ) throws {
        let bytes = try record.bytes()
        self.init(bytes: bytes, signature: try sign(bytes))
    }

    /// - Throws: ``ConsentError`` `.signatureInvalid`; `.signerIsNotRecorder` when somebody else than the party that says it
    ///   recorded the consent has signed; whatever reading refuses.
    public func verified(
        by check: ConsentSignatureCheck, digester: ConsentDigester
    ) throws(ConsentError) -> VerifiedConsent {
        guard let signer = check(bytes, signature) else {
            throw ConsentError(.signatureInvalid, at: "signature", reason: "does not hold for these bytes")
        }
        let reading = try ConsentRecord.read(bytes)
        guard reading.record.recordedBy.identity == signer else {
            throw ConsentError(.signerIsNotRecorder, at: "organization", reason: "is another than the one that signed")
        }
        return VerifiedConsent(
            record: reading.record, deviations: reading.deviations, digest: digester(bytes), signed: self, signer: signer)
    }
}

/// A consent whose signature is the recording party's. Only ``SignedConsent`` makes one.
public struct VerifiedConsent: Sendable, Hashable {
    public let record: ConsentRecord
    public let deviations: [ConsentDeviation]
    /// Of the bytes as received.
    public let digest: ConsentDigest
    public let signed: SignedConsent
    public let signer: PartyIdentity

    fileprivate init(
        record: ConsentRecord, deviations: [ConsentDeviation], digest: ConsentDigest, signed: SignedConsent,
        signer: PartyIdentity
    ) {
        (self.record, self.deviations, self.digest) = (record, deviations, digest)
        (self.signed, self.signer) = (signed, signer)
    }
}

/// Ties one message to the consent it relies on. Travels in the message and is covered by its signature.
public struct ConsentBinding: Sendable, Hashable {
    public let messageID: String
    public let consentID: String
    public let digest: ConsentDigest

    public init(messageID: String, consent: VerifiedConsent) {
        (self.messageID, consentID, digest) = (messageID, consent.record.id, consent.digest)
    }

    public init?(parsing bytes: [UInt8]) {
        guard let json = try? CanonicalJSON(parsing: bytes), json["format"]?.text == Self.format,
            let message = json["message"]?.text, let consent = json["consent"]?.text,
            let digest = json["digest"]?.text.flatMap({ ConsentDigest($0) })
        else { return nil }
        (messageID, consentID, self.digest) = (message, consent, digest)
    }

    public var bytes: [UInt8] {
        CanonicalJSON.object([
            "format": .string(Self.format), "message": .string(messageID), "consent": .string(consentID),
            "digest": .string(digest.description),
        ]).bytes
    }

    /// - Throws: ``ConsentError`` `.digestDiffers` when the consent is another, or was changed after the message was made.
    public func check(messageID: String, consent: VerifiedConsent) throws(ConsentError) {
        guard messageID == self.messageID else {
            throw ConsentError(.digestDiffers, at: "message", reason: "is bound to another message")
        }
        guard consent.record.id == consentID, consent.digest == digest else {
            throw ConsentError(.digestDiffers, at: "digest", reason: "is of another consent than the one that came along")
        }
    }

    private static let format = "msggw-consent-binding/1"
}
