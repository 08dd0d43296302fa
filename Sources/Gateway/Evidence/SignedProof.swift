import Envelope
import Foundation
import Native

/// One signed SOAP part in an export: the bytes, what was signed, by whom, and how to check it.
struct SignedProof: Sendable {
    /// Folder inside the export, such as `message` or `receipts/1-acknowledgment`.
    let place: String
    /// In the words of the README.
    let title: String
    let soap: [UInt8]
    let evidence: SignatureEvidence
    /// The certificate that the registry names for the party that should have signed; nil when it names none any more.
    let signer: Certificate?
    /// The bytes of the signed parts, by their `cid:` URI, as far as they are kept.
    var parts: [(uri: String, file: String, bytes: [UInt8])] = []

    init(place: String, title: String, soap: [UInt8], registered: [Certificate]) throws {
        (self.place, self.title, self.soap) = (place, title, soap)
        evidence = try SignatureEvidence(soap: soap)
        // What the registry names now; a message that was signed before a renewal carries the one it was signed with.
        let claimed = evidence.claimedCertificate
        signer = registered.first { $0 == claimed } ?? claimed ?? registered.first
    }

    func files() -> [(path: String, bytes: [UInt8])] {
        var files = [
            ("\(place)/soap.xml", soap), ("\(place)/header.bin", evidence.covered),
            ("\(place)/signed-info.bin", evidence.signedInfo), ("\(place)/signature.bin", evidence.signature),
        ]
        if let signer { files.append(("\(place)/signer.pem", Array(signer.pem.utf8))) }
        for part in parts { files.append(("\(place)/\(part.file)", part.bytes)) }
        return files
    }

    /// Whether `xmlsec1` can be given everything that the signature names.
    var isComplete: Bool {
        let kept = Set(parts.map(\.uri))
        return evidence.references.allSatisfy { $0.uri.isEmpty || kept.contains($0.uri) }
    }

    /// Lines of a shell script, each of which must succeed. `place` holds no character that a shell reads.
    func commands() -> [String] {
        guard signer != nil else { return ["echo '\(place): no certificate of the signer is known'; false"] }
        var lines = [
            "openssl verify -CAfile certificates/roots.pem -untrusted certificates/intermediates.pem -no_check_time \(place)/signer.pem",
            "openssl x509 -in \(place)/signer.pem -pubkey -noout > \(place)/signer.pub",
            "openssl dgst -\(evidence.digest.opensslName) -verify \(place)/signer.pub -signature \(place)/signature.bin \(place)/signed-info.bin",
        ]
        let covered = [(uri: "", file: "header.bin")] + parts.map { (uri: $0.uri, file: $0.file) }
        for (uri, file) in covered {
            guard let reference = evidence.references.first(where: { $0.uri == uri }) else { continue }
            // Against what was signed, not against a figure of ours.
            lines.append(
                "grep -qF \"$(openssl dgst -\(reference.digestAlgorithm.opensslName) -binary \(place)/\(file) | openssl base64 -A)\" \(place)/signed-info.bin"
            )
        }
        if isComplete {
            let maps = parts.map { " --url-map:'\($0.uri)' \(place)/\($0.file)" }.joined()
            lines.append(
                "xmlsec1 --verify --pubkey-cert-pem \(place)/signer.pem --enabled-key-data rsa,ec,ecdsa,key-name\(maps) \(place)/soap.xml"
            )
        }
        return lines
    }
}

extension DigestAlgorithm {
    /// As `openssl dgst` calls it.
    fileprivate var opensslName: String {
        switch self {
        case .sha1: "sha1"
        case .sha256: "sha256"
        case .sha384: "sha384"
        case .sha512: "sha512"
        }
    }
}

extension Certificate {
    /// RFC 7468.
    var pem: String {
        let lines = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
    }
}
