/// One who can open the envelope: a `RecipientInfo`, or one key of a `KeyAgreeRecipientInfo`. RFC 5652 §6.2.
struct CMSRecipient {
    enum Kind {
        case keyTransport
        /// `point` is nil when the originator's key is not given with the message.
        case keyAgreement(point: [UInt8]?, userKeyingMaterial: [UInt8]?)
        /// KEKRecipientInfo, PasswordRecipientInfo, OtherRecipientInfo: nobody we know.
        case other(String)
    }

    enum Identifier {
        /// Issuer as DER `Name`, serial number as the contents of its INTEGER.
        case issuerAndSerialNumber(issuer: [UInt8], serial: [UInt8])
        case subjectKeyIdentifier([UInt8])
        case none

        /// That of a KeyTransRecipientInfo with it. RFC 5652 §6.2.1.
        var version: UInt8 { if case .subjectKeyIdentifier = self { 2 } else { 0 } }
    }

    let kind: Kind
    let identifier: Identifier
    let algorithm: CMSAlgorithm?
    let encryptedKey: [UInt8]
}

extension CMSRecipient {
    /// All of a `RecipientInfos ::= SET SIZE (1..MAX) OF RecipientInfo`, each key of an agreement by itself.
    static func all(in set: BERElement) throws(BERFailure) -> [CMSRecipient] {
        var (cursor, found) = (set.cursor(), [CMSRecipient]())
        while let tag = try cursor.nextTag() {
            let element = try cursor.element()
            switch tag {
            case DER.sequence: found.append(try keyTransport(element))
            case DER.constructed(1): found += try keyAgreement(element)
            case DER.constructed(2): found.append(other("KEKRecipientInfo"))
            case DER.constructed(3): found.append(other("PasswordRecipientInfo"))
            case DER.constructed(4): found.append(other("OtherRecipientInfo"))
            default: throw .malformed("a recipient of no known kind", at: element.offset)
            }
        }
        guard !found.isEmpty else { throw .malformed("no recipient", at: set.offset) }
        return found
    }

    private static func other(_ name: String) -> CMSRecipient {
        CMSRecipient(kind: .other(name), identifier: .none, algorithm: nil, encryptedKey: [])
    }

    /// `SEQUENCE { version, rid RecipientIdentifier, keyEncryptionAlgorithm, encryptedKey OCTET STRING }`
    private static func keyTransport(_ element: BERElement) throws(BERFailure) -> CMSRecipient {
        var inside = element.cursor()
        let version = try inside.element(DER.integer, "a recipient's version").smallInteger()
        let identifier = try self.identifier(try inside.element())
        guard version == identifier.version else { throw .malformed("a recipient of version \(version)", at: element.offset) }
        let algorithm = try CMSAlgorithm(try inside.element(DER.sequence, "a key encryption algorithm"))
        let encryptedKey = try octets(&inside, "an encrypted key")
        try inside.leave()
        return CMSRecipient(kind: .keyTransport, identifier: identifier, algorithm: algorithm, encryptedKey: encryptedKey)
    }

    private static func octets(_ cursor: inout BERCursor, _ name: String) throws(BERFailure) -> [UInt8] {
        let constructed = try cursor.nextTag() == DER.octetString | 0x20
        return try cursor.element(constructed ? DER.octetString | 0x20 : DER.octetString, name).octets()
    }

    /// `CHOICE { issuerAndSerialNumber, subjectKeyIdentifier [0] }`
    private static func identifier(_ element: BERElement) throws(BERFailure) -> Identifier {
        switch element.tag {
        case DER.sequence:
            var inside = element.cursor()
            let issuer = try inside.element(DER.sequence, "an issuer").raw
            let serial = try inside.element(DER.integer, "a serial number").contents
            try inside.leave()
            return .issuerAndSerialNumber(issuer: issuer, serial: serial)
        case DER.context(0), DER.constructed(0): return .subjectKeyIdentifier(try element.octets())
        default: throw .malformed("a recipient identifier of no known kind", at: element.offset)
        }
    }

    /// `[1] SEQUENCE { version, originator [0], ukm [1] OPTIONAL, keyEncryptionAlgorithm, recipientEncryptedKeys }`
    private static func keyAgreement(_ element: BERElement) throws(BERFailure) -> [CMSRecipient] {
        var inside = element.cursor()
        guard try inside.element(DER.integer, "a recipient's version").smallInteger() == 3 else {
            throw .malformed("a key agreement that is not of version 3", at: element.offset)
        }
        let point = try originatorPoint(try inside.element(DER.constructed(0), "an originator"))
        var userKeyingMaterial: [UInt8]?
        if let wrapper = try inside.optional(DER.constructed(1)) {
            var material = wrapper.cursor()
            userKeyingMaterial = try octets(&material, "keying material")
            try material.leave()
        }
        let algorithm = try CMSAlgorithm(try inside.element(DER.sequence, "a key encryption algorithm"))
        var keys = try inside.element(DER.sequence, "the keys of the recipients").cursor()
        try inside.leave()
        var found: [CMSRecipient] = []
        while try !keys.isAtEnd() {
            var entry = try keys.element(DER.sequence, "a recipient's key").cursor()
            let identifier = try agreementIdentifier(try entry.element())
            let encryptedKey = try octets(&entry, "an encrypted key")
            try entry.leave()
            found.append(
                CMSRecipient(
                    kind: .keyAgreement(point: point, userKeyingMaterial: userKeyingMaterial), identifier: identifier,
                    algorithm: algorithm, encryptedKey: encryptedKey))
        }
        return found
    }

    /// `CHOICE { issuerAndSerialNumber, rKeyId [0] SEQUENCE { subjectKeyIdentifier OCTET STRING, date, other } }`
    private static func agreementIdentifier(_ element: BERElement) throws(BERFailure) -> Identifier {
        guard element.tag == DER.constructed(0) else { return try identifier(element) }
        var inside = element.cursor()
        return .subjectKeyIdentifier(try octets(&inside, "a key identifier"))
    }

    /// The point of `[0] EXPLICIT CHOICE { …, originatorKey [1] SEQUENCE { algorithm, publicKey BIT STRING } }`; nil for an
    /// originator that is only named.
    private static func originatorPoint(_ element: BERElement) throws(BERFailure) -> [UInt8]? {
        var choice = element.cursor()
        let chosen = try choice.element()
        try choice.leave()
        guard chosen.tag == DER.constructed(1) else { return nil }
        var inside = chosen.cursor()
        let algorithm = try CMSAlgorithm(try inside.element(DER.sequence, "the originator's algorithm"))
        let bits = try inside.element(DER.bitString, "the originator's public key").contents
        try inside.leave()
        guard algorithm.identifier == .ecPublicKey, bits.first == 0 else { return nil }
        return Array(bits.dropFirst())
    }
}
