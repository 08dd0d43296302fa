import Envelope
import Foundation

/// Reads the roots, intermediates and revocation lists that the settings name.
public enum TrustMaterial {
    /// - Throws: ``KeyError`` naming the file that cannot be read, or `.noRoots`: a node that trusts nobody can do nothing.
    public static func load(_ settings: TrustSettings) throws(KeyError) -> TrustStore {
        let roots = try certificates(settings.roots)
        guard !roots.isEmpty else {
            throw KeyError(
                .noRoots, file: settings.roots.first, reason: "holds no root certificate, so nobody is trusted",
                remedy: "put the root certificates (PEM or DER) there, or set trust.roots")
        }
        let intermediates = try certificates(settings.intermediates)
        let lists = try revocationLists(settings.revocationLists)
        do {
            return try TrustStore(roots: roots, intermediates: intermediates, revocationLists: lists)
        } catch {
            throw KeyError(.malformed, reason: "the trusted certificates cannot be used: \(error)", remedy: "check trust.roots")
        }
    }

    /// The roots alone, as PEM, for what speaks TLS.
    static func rootsPEM(_ settings: TrustSettings) throws(KeyError) -> [UInt8] {
        try load(settings).roots.flatMap { root in
            let lines = Data(root.der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            return Array("-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n".utf8)
        }
    }

    /// The lists alone, for reading them again while the node runs.
    public static func revocationLists(_ places: [String]) throws(KeyError) -> [RevocationList] {
        var lists: [RevocationList] = []
        for file in try files(places) {
            let bytes = try content(file)
            do {
                lists.append(try isPEM(bytes) ? RevocationList(pem: bytes) : RevocationList(der: bytes))
            } catch {
                throw malformed(file, "\(error)", what: "revocation list")
            }
        }
        return lists
    }

    private static func certificates(_ places: [String]) throws(KeyError) -> [Certificate] {
        var certificates: [Certificate] = []
        for file in try files(places) {
            let bytes = try content(file)
            let found: [Certificate]
            do {
                found = try isPEM(bytes) ? Certificate.all(pem: bytes) : [Certificate(der: bytes)]
            } catch {
                throw malformed(file, "\(error)", what: "certificate")
            }
            guard !found.isEmpty else { throw malformed(file, "no PEM block", what: "certificate") }
            certificates += found
        }
        return certificates
    }

    /// The files that the places name; in a folder every file that is not hidden, in the order of their names.
    private static func files(_ places: [String]) throws(KeyError) -> [String] {
        let manager = FileManager.default
        var files: [String] = []
        for place in places {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: place, isDirectory: &isFolder) else {
                throw KeyError(
                    .missing, file: place, reason: "is not there", remedy: "make it, or correct the settings below trust:")
            }
            guard isFolder.boolValue else {
                files.append(place)
                continue
            }
            guard let names = try? manager.contentsOfDirectory(atPath: place) else {
                throw KeyError(
                    .unreadable, file: place, reason: "cannot be read", remedy: "let the user that runs msggw read it")
            }
            files += names.sorted().filter { !$0.hasPrefix(".") && $0 != "README" }.map { "\(place)/\($0)" }
        }
        return files
    }

    private static func content(_ file: String) throws(KeyError) -> [UInt8] {
        guard let content = FileManager.default.contents(atPath: file) else {
            throw KeyError(.unreadable, file: file, reason: "cannot be read", remedy: "let the user that runs msggw read it")
        }
        return [UInt8](content)
    }

    private static func isPEM(_ bytes: [UInt8]) -> Bool { bytes.first != 0x30 }

    private static func malformed(_ file: String, _ reason: String, what: String) -> KeyError {
        KeyError(.malformed, file: file, reason: "holds no \(what) that can be read (\(reason))", remedy: "replace or remove it")
    }
}
