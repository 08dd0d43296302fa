import Foundation
import Native

/// What `inspect` may be told besides the bytes.
public struct InspectionOptions: Sendable {
    /// The certificate to verify signatures with; nil for the one in the message.
    public var certificate: Certificate?
    /// Payload parts of a bare SOAP part, by Content-ID without `cid:`.
    public var parts: [String: [UInt8]]
    /// Whether the patient and other persons may be named.
    public var showsPersons: Bool
    /// More bytes than this are not looked at.
    public var longest: Int

    public init(
        certificate: Certificate? = nil, parts: [String: [UInt8]] = [:], showsPersons: Bool = false, longest: Int = 256 << 20
    ) {
        (self.certificate, self.parts, self.showsPersons, self.longest) = (certificate, parts, showsPersons, longest)
    }
}

extension Inspection {
    /// Finds out what `bytes` are and what they say. Never throws: what cannot be read is said in ``failure``.
    public init(of bytes: [UInt8], options: InspectionOptions = InspectionOptions()) {
        self.init(kind: .unknown, bytes: bytes.count, sha256: Hexadecimal.text(Digest.of(bytes, .sha256)))
        guard bytes.count <= options.longest else {
            refuse(EnvelopeError(.mimeTooLarge, reason: "the file has more than \(options.longest) bytes"))
            return
        }
        switch FileForm(bytes) {
        case .xml: inspectXML(bytes, options)
        case .mime: inspectMIME(bytes, options)
        case .pem: inspectPEM(bytes)
        case .der: inspectDER(bytes)
        case .base64(let inner): inspectDER(inner)
        case .json: inspectJSON(bytes, options)
        case .other(let look):
            looksLike = look
            outcome = .unreadable
        }
    }

    private init(kind: Kind, bytes: Int, sha256: String) { (self.kind, self.bytes, self.sha256) = (kind, bytes, sha256) }

    mutating func refuse(_ error: EnvelopeError) { (failure, outcome) = (Failure(error), .unreadable) }

    /// Notes each deviation once; a hostile file cannot make the list long.
    mutating func note(_ found: [Deviation]) {
        for deviation in found.lazy.map(Tolerated.init) {
            guard deviations.count < 200 else { return }
            if !deviations.contains(deviation) { deviations.append(deviation) }
        }
    }

    /// Keeps a signature's verdict, and that of the whole in step with it.
    mutating func conclude(_ signature: Signature) {
        self.signature = signature
        if signature.status == .fails || signature.status == .partsMissing { outcome = .signatureFails }
    }
}

// MARK: - Certificates, lists and CMS

extension Inspection {
    private mutating func inspectPEM(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("PRIVATE KEY-----") {
            looksLike = "a private key, which is not read here"
            outcome = .unreadable
        } else if text.contains("-----BEGIN X509 CRL-----") {
            kind = .revocationList
            read { () throws(EnvelopeError) in
                RevocationListFacts(try RevocationList(pem: bytes))
            } then: {
                $0.revocationList = $1
            }
        } else if text.contains("-----BEGIN CERTIFICATE-----") || text.contains("-----BEGIN TRUSTED CERTIFICATE-----") {
            kind = .certificate
            read { () throws(EnvelopeError) in
                try Certificate.all(pem: bytes)
            } then: {
                $0.show($1)
            }
        } else if let inner = Self.pemContent(text) {
            inspectDER(inner)
        } else {
            looksLike = "PEM of a kind that is not read"
            outcome = .unreadable
        }
    }

    /// The bytes of the one PEM block that a PKCS #7 or CMS file is.
    private static func pemContent(_ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN PKCS7-----" || lines.first == "-----BEGIN CMS-----" else { return nil }
        let inner = lines.dropFirst().prefix { !$0.hasPrefix("-----END") }.joined()
        return try? Base64Decoder.decode(Array(inner.utf8))
    }

    private mutating func inspectDER(_ bytes: [UInt8]) {
        if let certificate = try? Certificate(der: bytes) {
            kind = .certificate
            show([certificate])
        } else if let list = try? RevocationList(der: bytes) {
            (kind, revocationList) = (.revocationList, RevocationListFacts(list))
        } else {
            kind = .cms
            read { () throws(EnvelopeError) in
                try CMSStructure.inspect(bytes)
            } then: { inspection, structure in
                let cms = CMS(structure)
                inspection.cms = cms
                inspection.note(cms.deviations(at: "file"))
            }
            // A DER file that is nothing we know is not a broken message.
            if failure != nil {
                kind = .unknown
                looksLike = FileForm.look(of: bytes)
            }
        }
    }

    private mutating func show(_ found: [Certificate]) {
        certificates = found.map(CertificateFacts.init)
        note(found.flatMap(\.weaknesses))
    }

    /// Shows certificates that stand in a larger file, each once.
    mutating func showCertificates(inside found: [Certificate]) {
        var seen: Set<Certificate> = []
        let single = found.filter { seen.insert($0).inserted }
        if !single.isEmpty { show(single) }
    }

    /// Runs a reader; what it refuses becomes ``failure``.
    mutating func read<Value>(
        _ reader: () throws(EnvelopeError) -> Value, then: (inout Inspection, Value) -> Void
    ) {
        do throws(EnvelopeError) {
            then(&self, try reader())
        } catch {
            refuse(error)
        }
    }
}
