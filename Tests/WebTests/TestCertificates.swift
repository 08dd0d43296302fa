import Foundation
import NIOSSL
import TestSupport
import Web

/// Short-lived TLS certificates for `localhost`, made once per run because TLS looks at the real clock.
struct TestCertificates {
    static let shared = Result { try TestCertificates() }

    let folder: URL

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "msggw-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try selfSigned("root", subject: "/CN=Test root", name: nil)
        try selfSigned("self-signed", subject: "/CN=localhost", name: "localhost")
        try issue("good", name: "localhost", days: "5")
        try issue("other-name", name: "other.test", days: "5")
        try issue("expired", name: "localhost", days: "-1")
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func pem(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }

    func files(_ name: String) -> WebSettings.TLSFiles {
        WebSettings.TLSFiles(certificate: path("\(name).pem"), key: path("\(name).key"))
    }

    func serverTLS(_ name: String) throws -> TLSConfiguration {
        TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(path("\(name).pem")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: path("\(name).key"), format: .pem)))
    }

    private func selfSigned(_ file: String, subject: String, name: String?) throws {
        let names = name.map { ["-addext", "subjectAltName=DNS:\($0)"] } ?? []
        try openssl(["req", "-x509", "-days", "5", "-subj", subject, "-out", path("\(file).pem")] + names + newKey(file))
    }

    private func issue(_ file: String, name: String, days: String) throws {
        try openssl(["req", "-subj", "/CN=\(name)", "-out", path("\(file).csr")] + newKey(file))
        try Data("subjectAltName=DNS:\(name)\n".utf8).write(to: folder.appending(path: "\(file).ext"))
        try openssl([
            "x509", "-req", "-in", path("\(file).csr"), "-CA", path("root.pem"), "-CAkey", path("root.key"), "-CAcreateserial",
            "-extfile", path("\(file).ext"), "-days", days, "-out", path("\(file).pem"),
        ])
    }

    private func newKey(_ file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("\(file).key")]
    }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try Tool.run("openssl", arguments)
        guard outcome.status == 0 else { throw Failure(description: String(decoding: outcome.err, as: UTF8.self)) }
    }

    struct Failure: Error, CustomStringConvertible { let description: String }
}
