import Native

/// How far the audit trail of whoever acknowledges had come. The receiver of the Acknowledgment keeps it as evidence, so that
/// the trail cannot be written anew behind its back.
///
/// It stands as two attributes of `eb:Acknowledgment` in a namespace of ours: the schema of ebMS 2.0 has foreign attributes
/// there (`headerExtension.grp`) and, other than the prose of §2.3.6, no foreign elements.
public struct AuditHead: Sendable, Hashable, Codable {
    public let sequence: Int64
    /// SHA-256.
    public let hash: [UInt8]

    public init(sequence: Int64, hash: [UInt8]) { (self.sequence, self.hash) = (sequence, hash) }

    static let namespace = "urn:msggw:audit:1"
}

extension AuditHead {
    /// nil when the element has none, or one that cannot be read: a receipt is not lost for an ornament.
    init?(_ element: EbXMLElement) {
        let node = element.node
        guard let sequence = node.attribute("sequence", Self.namespace), let hash = node.attribute("head", Self.namespace) else {
            return nil
        }
        guard let number = Int64(sequence), number > 0, let bytes = Hexadecimal.bytes(hash), bytes.count == 32 else {
            element.log.note("the head of an audit trail cannot be read", at: element.place, .note)
            return nil
        }
        self.init(sequence: number, hash: bytes)
    }

    var declaration: (String, String?) { ("xmlns:audit", Self.namespace) }
    var attributes: [(String, String?)] { [("audit:head", Hexadecimal.text(hash)), ("audit:sequence", "\(sequence)")] }
}
