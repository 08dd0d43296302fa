import Foundation
import TestSupport
import Testing

extension Commands {
    /// A node made by hand, from nothing to a running one, each missing thing told.
    @Suite("init")
    struct Init {
        @Test("a new folder holds settings and a private store key, and what to do next is printed")
        func fresh() async throws {
            let scratch = try ScratchFolder()
            let outcome = try await Program.run(["init", "node"], in: scratch.path)
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(outcome.err.isEmpty)
            for word in ["msggw.yaml", "keys/store.key", "Next:", "trust/roots", "msggw serve --node \(scratch.path)/node"] {
                #expect(outcome.out.contains(word), "\(outcome.out)")
            }
            #expect(try scratch.mode("node") == 0o700)
            #expect(try scratch.mode("node/keys/store.key") == 0o600)
        }

        @Test("a folder that holds something is refused and left as it is")
        func occupied() async throws {
            let scratch = try ScratchFolder()
            try scratch.write("mine", to: "node/note")
            let outcome = try await Program.run(["init", "node"], in: scratch.path)
            BadInput.check(outcome, BadInput.Mistake("", says: ["/node is not empty", "name a new folder"]) { _ in [] })
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/node") == ["note"])
        }

        @Test("a folder that cannot be made is named and nothing is left", arguments: ["nowhere/node", "file/node"])
        func impossible(place: String) async throws {
            let scratch = try ScratchFolder()
            try scratch.write("", to: "file")
            let outcome = try await Program.run(["init", place], in: scratch.path)
            BadInput.check(outcome, BadInput.Mistake("", says: [place, "check that the folder above it is there"]) { _ in [] })
            #expect(try scratch.names() == ["file"])
        }

        @Test("a newcomer who follows what is said ends with a node that runs")
        func followed() async throws {
            let scratch = try ScratchFolder()
            let node = scratch.path + "/node"
            #expect(try await Program.run(["init", node]).status == 0)
            let pki = try TestPKI.shared.folder().path

            try await missing(node, says: "put the root certificates")
            for (source, place) in [
                ("ca/root.crt", "roots/root.crt"), ("ca/issuing.crt", "intermediates/issuing.crt"),
                ("ca/root.crl", "crl/root.crl"), ("ca/issuing.crl", "crl/issuing.crl"),
            ] {
                try FileManager.default.copyItem(atPath: "\(pki)/\(source)", toPath: "\(node)/trust/\(place)")
            }
            try await missing(node, says: "set registry.file")
            try FileManager.default.copyItem(atPath: Pair.sample("registry/oslo.json"), toPath: node + "/registry.json")
            try await missing(node, says: "set parties.hosted")
            try Pair.set("parties.hosted", "[\"80000601\"]", in: node)
            try await missing(node, says: "make the folder with signing.key")
            try FileManager.default.createDirectory(atPath: node + "/keys/314000005", withIntermediateDirectories: false)
            try await missing(node, says: "put the certificate of the key beside it there")
            for file in ["signing.key", "signing.crt", "encryption.key", "encryption.crt"] {
                try FileManager.default.copyItem(atPath: "\(pki)/314000005/\(file)", toPath: "\(node)/keys/314000005/\(file)")
            }

            let running = try RunningProgram(["serve", "--port", "0"], in: node)
            try await running.line("Node listens", "http://127.0.0.1:")
            #expect(try await running.stop(SIGINT).outcome.status == 0)
        }

        private func missing(_ node: String, says: String) async throws {
            let outcome = try await Program.run(["serve", "--node", node, "--port", "0"])
            BadInput.check(outcome, BadInput.Mistake("", status: 78, says: [says]) { _ in [] })
        }
    }
}
