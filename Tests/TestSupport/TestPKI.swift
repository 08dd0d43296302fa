import Foundation

/// The test PKI of `certs-test`, made once per checkout and used by every test process. `certs-test/README.md` has the layout.
public struct TestPKI: Sendable {
    /// A time inside the validity of everything that is valid.
    public static let now = Date(timeIntervalSince1970: 1_780_272_000)  // 2026-06-01T00:00:00Z

    /// The first call of a checkout makes the keys, which takes some seconds; the script locks, so parallel processes wait.
    public static let shared = TestPKI(made: Result { try make() })

    private let made: Result<URL, any Error>

    /// The folder that holds it all.
    public func folder() throws -> URL { try made.get() }

    /// A file by its name in the layout: `314000005/signing.crt`, `wrong/sha1.crt`, `ca/issuing.crl`.
    public func url(_ name: String) throws -> URL { try folder().appending(path: name) }

    /// A file's path, for tools.
    public func path(_ name: String) throws -> String { try url(name).path }

    /// A file's bytes, as PEM.
    public func pem(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

    /// A file's first PEM block, as DER.
    public func der(_ name: String) throws -> [UInt8] {
        let lines = String(decoding: try pem(name), as: UTF8.self).split(separator: "\n")
        let block = lines.drop { !$0.hasPrefix("-----BEGIN ") }.dropFirst().prefix { !$0.hasPrefix("-----END ") }
        guard let der = Data(base64Encoded: block.joined()), !der.isEmpty else {
            throw TestPKIError(description: "\(name) holds no PEM block")
        }
        return [UInt8](der)
    }

    private static func make() throws -> URL {
        let folder = Repository.root.appending(path: ".build/certs-test")
        let script = Repository.root.appending(path: "certs-test/make.sh")
        let result = try Tool.run("bash", [script.path, folder.path])
        guard result.status == 0 else { throw TestPKIError(description: String(decoding: result.err, as: UTF8.self)) }
        return folder
    }
}

/// The organisations of `certs-test/organisations.tsv`; the raw value is the organisation number.
public enum TestOrganisation: String, Sendable, CaseIterable {
    case sageneGP = "314000005"
    case childrensHospital = "314000013"
    case oslo = "314000021"
    case grunerlokkaGP = "314000048"
    case stovnerGP = "314000056"
    case lovisenlund = "314000064"
    case nordstrandGP = "314000072"
}

/// Why the test PKI is not there.
public struct TestPKIError: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}
