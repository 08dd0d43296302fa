import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The trusted certificates of the settings")
struct TrustMaterialTests {
    private func load(_ flags: [String: String], folder: String) throws -> TrustStore {
        try TrustMaterial.load(NodeSettings(yaml: [], folder: folder, flags: flags).trust)
    }

    @Test("are read from folders and files, PEM and DER")
    func forms() throws {
        let scratch = try ScratchFolder()
        try scratch.write(TestPKI.shared.der("ca/root.crt"), to: "roots/a.der")
        try scratch.write(TestPKI.shared.pem("ca/issuing.crt"), to: "issuing.pem")
        try scratch.write(TestPKI.shared.der("ca/issuing.crl"), to: "crl/a.crl")
        try scratch.write(TestPKI.shared.pem("ca/root.crl"), to: "crl/b.crl")
        try scratch.write("hidden", to: "crl/.keep")
        let flags = ["trust.roots": "roots", "trust.intermediates": "issuing.pem", "trust.revocationLists": "crl"]
        let trust = try load(flags, folder: scratch.path)
        #expect(trust.roots.count == 1 && trust.intermediates.count == 1 && trust.revocationLists.count == 2)
    }

    @Test("as shipped trust nobody, the test root least of all: a new node has no root, and no certificate lies in the product")
    func shippedDefaults() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path + "/node"
        _ = try NodeFolder.create(at: folder)
        let error = try #require(throws: KeyError.self) {
            try TrustMaterial.load(NodeSettings(yaml: [], folder: folder, flags: [:]).trust)
        }
        #expect(error.code == .noRoots)
        let root = try #require(String(bytes: TestPKI.shared.pem("ca/root.crt"), encoding: .utf8))
        let body = try #require(root.split(separator: "\n").dropFirst().first)
        var looked = 0
        for place in ["Sources", "samples", "certs-test"] {
            let top = Repository.root.appending(path: place)
            for case let file as URL in try #require(FileManager.default.enumerator(at: top, includingPropertiesForKeys: nil)) {
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
                looked += 1
                #expect(!text.contains("BEGIN CERTIFICATE-----\nMII") && !text.contains(body), "\(file.lastPathComponent)")
            }
        }
        #expect(looked > 300)
    }

    @Test("a file that is none of them is named", arguments: ["trust.roots", "trust.intermediates", "trust.revocationLists"])
    func malformed(setting: String) throws {
        let scratch = try ScratchFolder()
        try scratch.write("notes", to: "wrong.txt")
        try scratch.write(TestPKI.shared.pem("ca/root.crt"), to: "root.crt")
        try FileManager.default.createDirectory(atPath: scratch.path + "/none", withIntermediateDirectories: true)
        var flags = ["trust.roots": "root.crt", "trust.intermediates": "none", "trust.revocationLists": "none"]
        flags[setting] = "wrong.txt"
        let error = try #require(throws: KeyError.self) { try load(flags, folder: scratch.path) }
        #expect(error.code == .malformed)
        #expect(error.description.contains("\(scratch.path)/wrong.txt"))
    }

    @Test("a place that is not there is named")
    func missing() throws {
        let scratch = try ScratchFolder()
        let error = try #require(throws: KeyError.self) { try load(["trust.roots": "nowhere"], folder: scratch.path) }
        #expect(error.code == .missing)
        #expect(error.description.contains("\(scratch.path)/nowhere"))
    }
}
