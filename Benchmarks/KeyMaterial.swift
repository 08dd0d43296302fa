import Envelope
import Foundation
import Gateway
import Native

/// Keys of the two organisations of the benchmark.
struct KeyMaterial {
    private let senderKey: [UInt8]
    private let receiverKey: [UInt8]
    private let encryptionKey: [UInt8]
    private let senderCertificate: Certificate
    private let receiverCertificate: Certificate
    private let encryptionCertificate: Certificate
    private let trust: TrustStore

    init(pki: String, set: DemoSite.KeySet) throws {
        func file(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(pki)/\(path)"))) }
        let below = set == .rsa3072 ? "" : set.rawValue + "/"
        senderKey = try file("314000005/\(below)signing.key")
        receiverKey = try file("314000013/\(below)signing.key")
        encryptionKey = try file("314000013/\(below)encryption.key")
        senderCertificate = try Certificate(pem: file("314000005/\(below)signing.crt"))
        receiverCertificate = try Certificate(pem: file("314000013/\(below)signing.crt"))
        encryptionCertificate = try Certificate(pem: file("314000013/\(below)encryption.crt"))
        trust = try TrustStore(
            roots: [Certificate(pem: file("ca/root.crt"))], intermediates: [Certificate(pem: file("ca/issuing.crt"))],
            revocationLists: [])
    }

    func bound(_ payload: [UInt8]) throws -> KeyBound {
        KeyBound(
            sender: try Native.PrivateKey(pem: senderKey), receiver: try Native.PrivateKey(pem: receiverKey),
            senderPublic: senderCertificate.native.publicKey, receiverPublic: receiverCertificate.native.publicKey,
            encryptionKey: try Native.PrivateKey(pem: encryptionKey), encryptionPublic: encryptionCertificate.native.publicKey,
            payload: payload)
    }

    func envelope(_ payload: [UInt8]) throws -> EnvelopeBenchmark {
        let now = Date()
        return EnvelopeBenchmark(
            signing: try SigningIdentity(key: Envelope.PrivateKey(pem: senderKey), certificate: senderCertificate),
            signer: try trust.validate(senderCertificate, for: .signing, at: now, revocation: .notChecked),
            answering: try SigningIdentity(key: Envelope.PrivateKey(pem: receiverKey), certificate: receiverCertificate),
            answerer: try trust.validate(receiverCertificate, for: .signing, at: now, revocation: .notChecked),
            decryption: try DecryptionIdentity(key: Envelope.PrivateKey(pem: encryptionKey), certificate: encryptionCertificate),
            recipient: try trust.validate(encryptionCertificate, for: .encryption, at: now, revocation: .notChecked),
            protection: .strong,
            payload: payload)
    }
}
