import Foundation
import Gateway
import Native

/// The system behind a node: takes what is filed for its parties, and now and then saves from the inbox what waits there.
struct ReceivingSystem {
    let machine: Machine
    let witness: Witness

    /// Looks into the folders of the machine's parties. What was taken is sometimes moved away, as such systems do.
    func collect(_ random: inout Randomness) {
        for party in machine.name.parties {
            for place in ["filed", "saved"] {
                let parent = "\(machine.folder)/\(place)/\(party)"
                for name in ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).sorted()
                where !name.hasSuffix(".part") {
                    read(parent + "/" + name, as: "\(place)/\(name)", party)
                    if random.chance(0.5) { try? FileManager.default.removeItem(atPath: parent + "/" + name) }
                }
            }
        }
    }

    /// Somebody takes what waits in the inbox.
    func empty() {
        guard let process = machine.process, !process.isStopping else { return }
        process.life.spawn { [machine] in
            do {
                for message in try process.node.inbox.list() where message.state == .opened {
                    guard machine.name.inboxParties.contains(message.receiver) else { continue }
                    _ = try await process.node.inbox.save("#\(message.id)", to: "\(machine.folder)/saved/\(message.receiver)")
                }
            } catch {
                machine.world.remark(machine.name.rawValue, "cannot save from the inbox: \(error)")
            }
        }
    }

    private func read(_ folder: String, as name: String, _ party: String) {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let contents = files.map { [UInt8](FileManager.default.contents(atPath: folder + "/" + $0) ?? Data()) }
        guard let index = files.firstIndex(of: "document.xml") else {
            return witness.report(.unverified, "\(party)'s folder \(name) has no document")
        }
        let text = String(decoding: contents[index], as: UTF8.self)
        witness.found(
            Witness.HandOver(
                folder: name, letter: Self.element("MsgId", in: text), sender: "",
                files: contents.map { Digest.of($0, .sha256) }.sorted { $0.lexicographicallyPrecedes($1) },
                document: contents[index]),
            by: party)
    }

    private static func element(_ name: String, in text: String) -> String {
        for start in ["<\(name)>", ":\(name)>"] {
            if let range = text.firstRange(of: start) { return String(text[range.upperBound...].prefix { $0 != "<" }) }
        }
        return ""
    }
}
