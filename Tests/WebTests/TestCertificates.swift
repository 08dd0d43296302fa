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
        try issue("revoked", name: "localhost", days: "5")
        try revoke("revoked")
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

    /// Makes `root.crl`, valid for a day, and `stale.crl`, which was over before it began.
    private func revoke(_ file: String) throws {
        let settings = """
            [ca]
            default_ca = root
            [root]
            database = \(path("index.txt"))
            crlnumber = \(path("crlnumber"))
            default_md = sha256
            certificate = \(path("root.pem"))
            private_key = \(path("root.key"))
            """
        try Data(settings.utf8).write(to: folder.appending(path: "ca.conf"))
        try Data().write(to: folder.appending(path: "index.txt"))
        try Data("01\n".utf8).write(to: folder.appending(path: "crlnumber"))
        let configured = ["ca", "-config", path("ca.conf")]
        try openssl(configured + ["-revoke", path("\(file).pem")])
        try openssl(configured + ["-gencrl", "-crldays", "1", "-out", path("root.crl")])
        let past = ["-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200102000000Z"]
        try openssl(configured + ["-gencrl", "-out", path("stale.crl")] + past)
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
