import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Only what the operator configured is trusted")
struct TrustStoreTests {
    static func lists(_ names: [String]) throws -> [RevocationList] {
        try names.map { try RevocationList(pem: TestPKI.shared.pem($0)) }
    }

    static func store(lists names: [String] = ["ca/root.crl", "ca/issuing.crl"]) throws -> TrustStore {
        try TrustStore(
            roots: [CertificateReadingTests.certificate("ca/root")],
            intermediates: [CertificateReadingTests.certificate("ca/issuing")], revocationLists: lists(names))
    }

    static func validate(
        _ name: String, _ use: CertificateUse = .signing, at time: Date = TestPKI.now, store: TrustStore? = nil,
        revocation: RevocationRule = .required
    ) throws -> ValidatedCertificate {
        try (store ?? Self.store()).validate(
            CertificateReadingTests.certificate(name), for: use, at: time, revocation: revocation)
    }

    @Test(
        "accepted for what it is for", arguments: TestOrganisation.allCases, ["", "/p256"])
    func accepted(organisation: TestOrganisation, keys: String) throws {
        for use in [CertificateUse.signing, .encryption] {
            let certificate = try Self.validate("\(organisation.rawValue)\(keys)/\(use.rawValue)", use)
            #expect(certificate.use == use)
            #expect(certificate.certificate.organisationNumber == organisation.rawValue)
        }
    }

    @Test("older shapes are accepted", arguments: ["seid1-signing", "number-in-ou", "number-in-o", "sub-unit-in-ou"])
    func shapes(name: String) throws {
        #expect(throws: Never.self) { try Self.validate("shapes/\(name)") }
    }

    @Test(
        "refused, each with its own code",
        arguments: [
            ("expired-signing", .signing, .certificateExpired), ("expired-encryption", .encryption, .certificateExpired),
            ("not-yet-valid-signing", .signing, .certificateNotYetValid),
            ("not-yet-valid-encryption", .encryption, .certificateNotYetValid),
            ("revoked-signing", .signing, .certificateRevoked), ("revoked-encryption", .encryption, .certificateRevoked),
            ("signing-with-encipherment-usage", .signing, .certificateKeyUsage),
            ("encryption-with-nonrepudiation-usage", .encryption, .certificateKeyUsage),
            ("no-key-usage", .signing, .certificateKeyUsage), ("no-key-usage", .encryption, .certificateKeyUsage),
            ("unknown-critical-extension", .signing, .certificateUntrusted), ("rsa1024", .signing, .certificateKeyTooShort),
            ("sha1", .signing, .certificateAlgorithm), ("self-signed", .signing, .certificateUntrusted),
            ("other-root-signing", .signing, .certificateUntrusted),
            ("other-root-encryption", .encryption, .certificateUntrusted),
            ("issued-by-leaf", .signing, .certificateUntrusted),
        ] as [(String, CertificateUse, EnvelopeError.Code)])
    func refused(name: String, use: CertificateUse, code: EnvelopeError.Code) throws {
        #expect(throws: EnvelopeError(code, reason: "")) { try Self.validate("wrong/\(name)", use) }
        let revocationFree: EnvelopeError.Code? = code == .certificateRevoked ? nil : code
        if let revocationFree {
            #expect(throws: EnvelopeError(revocationFree, reason: "")) {
                try Self.validate("wrong/\(name)", use, revocation: .notChecked)
            }
        }
    }

    @Test("a leaf does not become an authority by being configured as an intermediate")
    func leafAsAuthority() throws {
        let store = try TrustStore(
            roots: [CertificateReadingTests.certificate("ca/root")],
            intermediates: ["ca/issuing", "wrong/leaf-as-ca"].map { try CertificateReadingTests.certificate($0) })
        #expect(throws: EnvelopeError(.certificateUntrusted, reason: "")) {
            try Self.validate("wrong/issued-by-leaf", store: store, revocation: .notChecked)
        }
    }

    @Test(
        "revocation is unknown when a list is missing, out of its time or another hierarchy's",
        arguments: [
            [], ["ca/root.crl"], ["ca/issuing.crl"], ["ca/root.crl", "wrong/issuing-expired.crl"],
            ["ca/root.crl", "wrong/issuing-not-yet-valid.crl"], ["ca/root.crl", "wrong/other-issuing-ca.crl"],
        ])
    func unknown(lists: [String]) throws {
        let store = try Self.store(lists: lists)
        #expect(throws: EnvelopeError(.revocationUnknown, reason: "")) { try Self.validate("314000005/signing", store: store) }
        #expect(throws: Never.self) { try Self.validate("314000005/signing", store: store, revocation: .notChecked) }
    }

    @Test("what is forged or expired is refused, not held as unknown", arguments: ["other-root-signing", "expired-signing"])
    func refusedBeforeUnknown(name: String) throws {
        let store = try Self.store(lists: [])
        let error = #expect(throws: EnvelopeError.self) { try Self.validate("wrong/\(name)", store: store) }
        #expect(error?.code != .revocationUnknown)
    }

    @Test("with the list from before, a certificate revoked since still holds")
    func olderList() throws {
        let store = try Self.store(lists: ["ca/root.crl", "wrong/issuing-without-revocation.crl"])
        #expect(throws: Never.self) { try Self.validate("wrong/revoked-signing", store: store) }
        let today = try store.replacing(revocationLists: Self.lists(["ca/root.crl", "ca/issuing.crl"]))
        #expect(throws: EnvelopeError(.certificateRevoked, reason: "")) {
            try Self.validate("wrong/revoked-signing", store: today)
        }
    }

    @Test("the answer holds until the first of certificate and lists ends")
    func validUntil() throws {
        let certificate = try CertificateReadingTests.certificate("314000005/signing")
        let unchecked = try Self.validate("314000005/signing", revocation: .notChecked)
        #expect(unchecked.validUntil <= certificate.notAfter)
        let lists = try Self.lists(["ca/root.crl", "ca/issuing.crl"]).compactMap(\.nextUpdate)
        let earliest = try #require((lists + [unchecked.validUntil]).min())
        #expect(try Self.validate("314000005/signing").validUntil == earliest)
    }

    @Test("an intermediate holds as an anchor only when it is pinned as one")
    func pinning() throws {
        let issuing = try CertificateReadingTests.certificate("ca/issuing")
        let pinned = try TrustStore(roots: [issuing])
        #expect(throws: Never.self) { try Self.validate("314000005/signing", store: pinned, revocation: .notChecked) }
        let unpinned = try TrustStore(roots: [], intermediates: [issuing])
        #expect(throws: EnvelopeError(.certificateUntrusted, reason: "")) {
            try Self.validate("314000005/signing", store: unpinned, revocation: .notChecked)
        }
        let empty = try TrustStore(roots: [])
        #expect(throws: EnvelopeError(.certificateUntrusted, reason: "")) {
            try Self.validate("314000005/signing", store: empty, revocation: .notChecked)
        }
    }

    @Test("where a policy is asked for, a path that is not good for it is refused")
    func policies() throws {
        let roots = [try CertificateReadingTests.certificate("ca/root")]
        let intermediates = [try CertificateReadingTests.certificate("ca/issuing")]
        let right = try TrustStore(roots: roots, intermediates: intermediates, policies: ["2.999.578.1.1", "2.999.1"])
        #expect(throws: Never.self) { try Self.validate("314000005/signing", store: right, revocation: .notChecked) }
        let wrong = try TrustStore(roots: roots, intermediates: intermediates, policies: ["2.999.1"])
        #expect(throws: EnvelopeError(.certificateUntrusted, reason: "")) {
            try Self.validate("314000005/signing", store: wrong, revocation: .notChecked)
        }
    }

    @Test("an authority's own certificate signs no messages")
    func authority() throws {
        #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
            try Self.validate("ca/issuing", revocation: .notChecked)
        }
    }

    @Test("reasons name the organisation and the serial number, never the name")
    func reasons() throws {
        let error = try #require(throws: EnvelopeError.self) { try Self.validate("wrong/expired-signing") }
        #expect(error.reason.contains("314000005") && error.reason.contains("serial"))
        #expect(!error.reason.contains("legesenter"))
    }
}

@Suite("Real certificates", .enabled(if: Repository.shared != nil, "the folder of samples is not beside the checkout"))
struct RealCertificateTests {
    static let folder = Repository.shared("standards/transport-samples/certificates")

    static func read(below path: String) throws -> [(name: String, certificate: Certificate)] {
        let folder = try #require(folder).appending(path: path)
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "cer" }
        #expect(!files.isEmpty)
        return try files.map { file in
            let bytes = [UInt8](try Data(contentsOf: file))
            let certificate = try bytes.first == 0x30 ? Certificate(der: bytes) : Certificate(pem: bytes)
            return (file.lastPathComponent, certificate)
        }
    }

    @Test("every one is read, and the leaves name their organisation")
    func numbers() throws {
        #expect(try Self.read(below: "ca").count >= 18)
        var numbers: [String: String?] = [:]
        for (name, certificate) in try Self.read(below: "leaf-test4") + Self.read(below: "leaf-test4-seid1") {
            numbers[name] = .some(certificate.organisationNumber)
        }
        #expect(numbers["test4-signeringssertifikat-qceseal.cer"] == "100101696")
        #expect(numbers["test4-autentiseringssertifikat-vid-europa.cer"] == "100101688")
        #expect(numbers["Helsenorge_Signature.cer"] == "983544622")
        #expect(numbers["test4-signeringssertifikat-pid.cer"] == .some(nil), "a person's certificate names no organisation")
    }

    @Test("paths hold inside their validity and not after it")
    func paths() throws {
        let authorities = try Self.read(below: "ca").map(\.certificate)
        let store = try TrustStore(
            roots: authorities.filter(\.isSelfSigned), intermediates: authorities.filter { !$0.isSelfSigned })
        let leaves = try Self.read(below: "leaf-test4").filter { !$0.name.contains("pid") }
        #expect(leaves.count == 4)
        for (name, leaf) in leaves {
            let use: CertificateUse = name.contains("signering") ? .signing : .encryption
            #expect(throws: Never.self) { try store.validate(leaf, for: use, at: leaf.notBefore + 1000, revocation: .notChecked) }
            #expect(throws: EnvelopeError(.certificateExpired, reason: "")) {
                try store.validate(leaf, for: use, at: leaf.notAfter + 1, revocation: .notChecked)
            }
            let other: CertificateUse = use == .signing ? .encryption : .signing
            #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
                try store.validate(leaf, for: other, at: leaf.notBefore + 1000, revocation: .notChecked)
            }
        }
    }
}
