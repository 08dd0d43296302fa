import Foundation
import GRDB
import Gateway

/// The folders of three nodes and their registry, as the demo makes them, once for each variant and process. What a run leaves
/// in them is swept out before the next.
package final class Town {
    /// What the agreements say and which keys the organisations have.
    package enum Variant: String, Sendable, CaseIterable {
        /// Everybody strong, Acknowledgments in the answer.
        case strong
        /// Strong; Acknowledgments between the doctors and the city are messages of their own.
        case separate
        /// RSA between the doctors and the hospital, `national`; otherwise strong, the city's Acknowledgments separate.
        case national
        /// `national` with separate Acknowledgments between the doctors and the hospital.
        case nationalSeparate
        /// Strong; the doctors' certificates run out in the middle, and everybody gets to know the new ones in their own time.
        case expiring
    }

    /// Who plays. The raw value is the node's name.
    package enum Name: String, Sendable, CaseIterable {
        case gp, bup, oslo

        var organisation: String {
            switch self {
            case .gp: "80000600"
            case .bup: "80000400"
            case .oslo: "80000100"
            }
        }

        var organisationNumber: String {
            switch self {
            case .gp: "314000005"
            case .bup: "314000013"
            case .oslo: "314000021"
            }
        }

        var parties: [String] {
            switch self {
            case .gp: ["80000601", "80000602"]
            case .bup: ["80000401", "80000402"]
            case .oslo: ["80000203", "80000303", "80000110"]
            }
        }

        /// Parties whose messages wait in the inbox until somebody takes them.
        var inboxParties: [String] {
            switch self {
            case .gp: ["80000602"]
            case .bup: []
            case .oslo: ["80000110"]
            }
        }

        var port: Int { 9000 + (Self.allCases.firstIndex(of: self) ?? 0) }

        static func hosting(_ party: String) -> Name? { allCases.first { $0.parties.contains(party) } }
    }

    let variant: Variant
    private let folder: String

    /// - Parameter root: the checkout, for the samples and the test PKI.
    init(_ variant: Variant, root: String, scratch: String) throws {
        self.variant = variant
        folder = scratch + "/" + variant.rawValue
        let isNational = variant == .national || variant == .nationalSeparate
        let site = DemoSite(
            folder: folder, pki: root + "/.build/certs-test", registry: root + "/samples/registry/oslo.json", keys: .p256,
            settings: [:])
        _ = try site.make(
            Name.allCases.map {
                DemoSite.Plan(
                    name: $0.rawValue, port: $0.port, organisation: $0.organisation, hosted: $0.parties, filesItself: true)
            })
        if isNational { for name in [Name.gp, .bup] { try useRSA(name, root) } }
        try writeAgreements()
        if variant == .expiring { try writeExpiring(root) }
    }

    func folder(_ name: Name) -> String { folder + "/" + name.rawValue }

    /// - Parameter renewed: with the new keys, and with a registry that knows them.
    func settings(_ name: Name, renewed: Bool = false) throws -> NodeSettings {
        var flags: [String: String] = [:]
        if !name.inboxParties.isEmpty { flags["filing.parties"] = name.inboxParties.map { $0 + "=inbox" }.joined(separator: ",") }
        if renewed {
            flags["registry.file"] = folder + "/registry-renewed.json"
            if name == .gp { flags["parties.keys"] = folder(.gp) + "/keys-renewed" }
        }
        return try NodeSettings(folder: folder(name), environment: [:], flags: flags)
    }

    /// Removes what a run left.
    func sweep() throws {
        for name in Name.allCases {
            for place in ["store", "filed", "saved"] {
                let path = folder(name) + "/" + place
                try? FileManager.default.removeItem(atPath: path)
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
        }
    }

    // MARK: - Who agreed on what

    private func useRSA(_ name: Name, _ root: String) throws {
        let number = name.organisationNumber
        for file in ["signing.key", "signing.crt", "encryption.key", "encryption.crt"] {
            let place = "\(folder(name))/keys/\(number)/\(file)"
            try FileManager.default.removeItem(atPath: place)
            try FileManager.default.copyItem(atPath: "\(root)/.build/certs-test/\(number)/rsa2048/\(file)", toPath: place)
        }
        try editRegistry { text in
            for use in ["signing", "encryption"] {
                text = text.replacing("/\(number)/p256/\(use).crt", with: "/\(number)/rsa2048/\(use).crt")
            }
        }
    }

    private func writeAgreements() throws {
        let (doctors, hospital, city) = (Name.gp.organisation, Name.bup.organisation, Name.oslo.organisation)
        let changes: [(between: [String], protection: String, signals: String)] =
            switch variant {
            case .strong, .expiring: []
            case .separate: [([city, doctors], "strong", "separate")]
            case .national: [([hospital, doctors], "national", "synchronous"), ([city, hospital], "strong", "separate")]
            case .nationalSeparate: [([hospital, doctors], "national", "separate")]
            }
        let file = URL(filePath: folder + "/registry.json")
        guard var top = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any],
            let agreements = top["agreements"] as? [[String: Any]]
        else { throw SimulationError("the samples' registry has no agreements") }
        top["agreements"] = agreements.map { agreement in
            guard let parties = agreement["parties"] as? [String],
                let change = changes.first(where: { Set($0.between) == Set(parties) })
            else { return agreement }
            return agreement.merging(["protection": change.protection, "signals": change.signals]) { $1 }
        }
        try JSONSerialization.data(withJSONObject: top, options: [.prettyPrinted, .sortedKeys]).write(to: file)
    }

    /// When the certificates of ``Variant/expiring`` run out: 2025-01-31T00:00:00Z.
    static let expiry: Int64 = 1_738_281_600_000_000

    /// The doctors' first keys are those of the test PKI that run out after a month; the new ones lie beside them.
    private func writeExpiring(_ root: String) throws {
        let files = FileManager.default
        let number = Name.gp.organisationNumber
        let (old, new) = ("\(folder(.gp))/keys", "\(folder(.gp))/keys-renewed")
        try files.copyItem(atPath: old, toPath: new)
        for ending in ["key", "crt"] {
            for use in ["signing", "encryption"] {
                let expiring = "\(root)/.build/certs-test/wrong/expired-\(use).\(ending)"
                try files.removeItem(atPath: "\(old)/\(number)/\(use).\(ending)")
                try files.copyItem(atPath: expiring, toPath: "\(old)/\(number)/\(use).\(ending)")
                if use == "encryption" {
                    try files.copyItem(atPath: expiring, toPath: "\(new)/\(number)/encryption-old.\(ending)")
                }
            }
        }
        let file = URL(filePath: folder + "/registry.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self).replacing("\\/", with: "/")
        var (before, after) = (text, text)
        for use in ["signing", "encryption"] {
            let (known, expiring) = ("/\(number)/p256/\(use).crt\"", "\(root)/.build/certs-test/wrong/expired-\(use).crt\"")
            before = before.replacing("\(root)/.build/certs-test" + known, with: expiring)
            after = after.replacing(known, with: known + ", \"" + expiring)
        }
        try Data(before.utf8).write(to: file)
        try Data(after.utf8).write(to: URL(filePath: folder + "/registry-renewed.json"))
    }

    private func editRegistry(_ change: (inout String) -> Void) throws {
        let file = URL(filePath: folder + "/registry.json")
        var text = String(decoding: try Data(contentsOf: file), as: UTF8.self).replacing("\\/", with: "/")
        change(&text)
        try Data(text.utf8).write(to: file)
    }
}

/// What is wrong with the simulation itself, or with the machine it runs on.
package struct SimulationError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
