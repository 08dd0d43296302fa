import Envelope
import Foundation

extension TLSFiles {
    /// Whether partners can connect with these files at that time; what TLS itself would only say to them.
    ///
    /// - Throws: ``KeyError`` that names the file and the remedy.
    func check(at now: Date) throws(KeyError) {
        _ = try PrivateFile.read(key)
        guard let content = FileManager.default.contents(atPath: certificate) else {
            throw KeyError(
                .missing, file: certificate, reason: "is not there or cannot be read",
                remedy: "put the server's TLS certificate there as PEM, or correct http.certificate")
        }
        guard let server = try? Certificate.all(pem: [UInt8](content)).first else {
            throw KeyError(
                .malformed, file: certificate, reason: "holds no certificate that can be read",
                remedy: "put the server's TLS certificate there as PEM, its issuers after it")
        }
        guard now <= server.notAfter else {
            throw KeyError(
                .expired, file: certificate, reason: "has expired on \(day(server.notAfter)), partners would not connect",
                remedy: "get a new TLS certificate")
        }
        guard now >= server.notBefore else {
            throw KeyError(
                .notYetValid, file: certificate, reason: "is valid only from \(day(server.notBefore))",
                remedy: "check the clock, or wait until then")
        }
    }

    private func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
