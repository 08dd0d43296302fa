import Envelope
import Foundation
import TestSupport

/// One who receives payloads in the tests: the certificate as partners hold it, and the key as the receiver holds it.
struct Receiver: Sendable {
    let name: String
    let validated: ValidatedCertificate
    let identity: DecryptionIdentity
    let certificatePath: String
    let keyPath: String

    /// - Parameter path: in the test PKI, without its suffix: `314000005/encryption`.
    init(_ path: String) throws {
        try self.init(
            name: path, certificate: try TestPKI.shared.path(path + ".crt"), key: try TestPKI.shared.path(path + ".key"))
    }

    init(name: String, certificate: String, key: String) throws {
        self.name = name
        (certificatePath, keyPath) = (certificate, key)
        let read = try Certificate(pem: Self.bytes(certificate))
        // What a test issues itself is valid from when it was issued.
        let time = max(TestPKI.now, read.notBefore.addingTimeInterval(60))
        validated = try Self.store().validate(read, for: .encryption, at: time, revocation: .notChecked)
        identity = try DecryptionIdentity(key: try PrivateKey(pem: Self.bytes(key)), certificate: read)
    }

    static func store() throws -> TrustStore {
        try TrustStore(
            roots: [Certificate(pem: TestPKI.shared.pem("ca/root.crt"))],
            intermediates: [Certificate(pem: TestPKI.shared.pem("ca/issuing.crt"))])
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    static func rsa() throws -> Receiver { try Receiver("314000013/encryption") }
    static func otherRSA() throws -> Receiver { try Receiver("314000005/encryption") }
    static func p256() throws -> Receiver { try Receiver("314000013/p256/encryption") }

    /// The test PKI has no P-384, so this one is issued here, by its issuing authority.
    static func p384(in folder: Scratch) throws -> Receiver {
        let (key, request, certificate) = (folder.path("p384.key"), folder.path("p384.csr"), folder.path("p384.crt"))
        let extensions = folder.path("p384.ext")
        try Data("keyUsage=critical,keyAgreement\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n".utf8)
            .write(to: URL(filePath: extensions))
        try openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", key)
        try openssl(
            "req", "-new", "-key", key, "-out", request, "-subj",
            "/C=NO/O=Example (TEST)/organizationIdentifier=NTRNO-314000013/CN=Example P-384 TEST")
        try openssl(
            "x509", "-req", "-in", request, "-CA", try TestPKI.shared.path("ca/issuing.crt"), "-CAkey",
            try TestPKI.shared.path("ca/issuing.key"), "-extfile", extensions, "-out", certificate, "-days", "3650",
            "-set_serial", "0x7A11", "-sha256")
        return try Receiver(name: "P-384", certificate: certificate, key: key)
    }

    func open(
        _ envelope: [UInt8], requires: PayloadProtection = .national, allows3DES: Bool = false
    ) throws -> (plaintext: [UInt8], facts: CMSFacts) {
        try PayloadDecryptor.open(
            envelope, identities: [identity], policy: CMSPolicy(requires: requires, allows3DES: allows3DES))
    }
}

struct ToolFailure: Error, CustomStringConvertible { let description: String }

@discardableResult
func openssl(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] { try openssl(arguments, input: input) }

@discardableResult
func openssl(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let outcome = try Tool.run("openssl", arguments, input: input)
    guard outcome.status == 0 else {
        throw ToolFailure(description: "openssl \(arguments.first ?? ""): \(String(decoding: outcome.err, as: UTF8.self))")
    }
    return outcome.out
}

/// A folder that is gone when the test is.
final class Scratch: Sendable {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "msggw-cms-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// What `openssl cms -encrypt` makes of `plaintext`, in DER or BER.
    func encrypted(_ plaintext: [UInt8], _ options: [String]) throws -> [UInt8] {
        let file = path("plaintext")
        try Data(plaintext).write(to: URL(filePath: file))
        return try openssl(["cms", "-encrypt", "-binary", "-in", file, "-outform", "DER"] + options)
    }

    /// What `openssl cms -decrypt` makes of `envelope`.
    func decrypted(_ envelope: [UInt8], by receiver: Receiver) throws -> [UInt8] {
        let file = path("envelope")
        try Data(envelope).write(to: URL(filePath: file))
        return try openssl(
            "cms", "-decrypt", "-binary", "-inform", "DER", "-in", file, "-recip", receiver.certificatePath, "-inkey",
            receiver.keyPath)
    }
}

/// Bytes that differ from place to place and from seed to seed, the same in every run.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

/// Opens an envelope that arrives in chunks of these sizes, again and again.
func opened(_ envelope: [UInt8], by receiver: Receiver, chunks: [Int], requires: PayloadProtection = .national) throws -> [UInt8]
{
    var decryptor = PayloadDecryptor(identities: [receiver.identity], policy: CMSPolicy(requires: requires))
    var (plaintext, position, turn) = ([UInt8](), 0, 0)
    while position < envelope.count {
        let end = min(position + chunks[turn % chunks.count], envelope.count)
        plaintext += try decryptor.update(Array(envelope[position..<end]))
        (position, turn) = (end, turn + 1)
    }
    return plaintext + (try decryptor.finish()).rest
}
