import Foundation

/// Folders of several nodes on this machine, made of the samples' registry and the test PKI. For the demo, the benchmark and
/// the tests; the certificates are test certificates that no shipped setting trusts.
public struct DemoSite: Sendable {
    /// Which key set of the test PKI a site uses; the raw value is the folder below an organisation's.
    public enum KeySet: String, Sendable, CaseIterable {
        case rsa3072 = ""
        case rsa2048 = "rsa2048"
        case p256 = "p256"
    }

    /// One node to be.
    public struct Plan: Sendable {
        public let name: String
        public let port: Int
        /// HER-id of the organisation whose keys the node holds.
        public let organisation: String
        /// HER-ids of the parties it hosts.
        public let hosted: [String]
        /// Whether what is received is filed into a folder of its own accord.
        public let filesItself: Bool

        public init(name: String, port: Int, organisation: String, hosted: [String], filesItself: Bool) {
            (self.name, self.port, self.organisation) = (name, port, organisation)
            (self.hosted, self.filesItself) = (hosted, filesItself)
        }
    }

    public let folder: String
    public let pki: String
    public let registry: String
    public let keys: KeySet
    /// Overrides what the samples' agreements between the planned organisations say; nil keeps them.
    public let protection: String?
    /// More settings for every node, as they are written in `msggw.yaml`.
    public let settings: [String: String]

    public init(
        folder: String, pki: String, registry: String, keys: KeySet = .rsa3072, protection: String? = nil,
        settings: [String: String] = [:]
    ) {
        (self.folder, self.pki, self.registry) = (folder, pki, registry)
        (self.keys, self.protection, self.settings) = (keys, protection, settings)
    }

    /// Makes the folders, replacing what an earlier run left. Returns each node's folder, in the order of the plans.
    public func make(_ plans: [Plan]) throws -> [String] {
        let files = FileManager.default
        try? files.removeItem(atPath: folder)
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let organisations = try registryFile(plans)
        return try plans.map { try makeNode($0, organisations) }
    }

    private func makeNode(_ plan: Plan, _ organisations: [String: String]) throws -> String {
        let node = folder + "/" + plan.name
        var values = settings
        values["node.name"] = plan.name
        values["node.environment"] = "test"
        values["http.port"] = String(plan.port)
        values["http.certificate"] = "keys/tls.crt"
        values["http.key"] = "keys/tls.key"
        values["registry.file"] = "../registry.json"
        values["parties.hosted"] = "[" + plan.hosted.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        values["delivery.caFile"] = "trust/tls.crt"
        if plan.filesItself {
            values["filing.mode"] = "folder"
            values["filing.folder"] = "filed"
        }
        _ = try NodeFolder.create(at: node, settings: values)
        guard let number = organisations[plan.organisation] else {
            throw RegistryError(.unknownParty, reason: "\(registry) has no organisation \(plan.organisation)")
        }
        let own = node + "/keys/" + number
        try FileManager.default.createDirectory(
            atPath: own, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in ["signing", "encryption"] {
            for ending in ["key", "crt"] { try copy("\(keyFolder(number))/\(name).\(ending)", to: "\(own)/\(name).\(ending)") }
        }
        try copy("\(pki)/tls/server.crt", to: node + "/keys/tls.crt")
        try copy("\(pki)/tls/server.key", to: node + "/keys/tls.key")
        try copy("\(pki)/tls/ca.crt", to: node + "/trust/tls.crt")
        try copy("\(pki)/ca/root.crt", to: node + "/trust/roots/root.crt")
        try copy("\(pki)/ca/issuing.crt", to: node + "/trust/intermediates/issuing.crt")
        for name in ["root.crl", "issuing.crl"] { try copy("\(pki)/ca/\(name)", to: node + "/trust/crl/" + name) }
        return node
    }

    private func keyFolder(_ organisationNumber: String) -> String {
        keys == .rsa3072 ? "\(pki)/\(organisationNumber)" : "\(pki)/\(organisationNumber)/\(keys.rawValue)"
    }

    private func copy(_ source: String, to destination: String) throws {
        do { try FileManager.default.copyItem(atPath: source, toPath: destination) } catch {
            throw StoreError(.cannotOpen, reason: "cannot copy \(source) to \(destination): \(error.localizedDescription)")
        }
    }

    /// The samples' registry with endpoints and certificates for the organisations that have a node.
    ///
    /// - Returns: organisation numbers by HER-id.
    private func registryFile(_ plans: [Plan]) throws -> [String: String] {
        guard let data = FileManager.default.contents(atPath: registry),
            var top = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            var parties = top["parties"] as? [[String: Any]]
        else { throw RegistryError(.fileUnreadable, reason: "cannot read the registry \(registry)") }
        var numbers: [String: String] = [:]
        for index in parties.indices {
            guard let id = parties[index]["herId"] as? String, let number = parties[index]["organisationNumber"] as? String else {
                continue
            }
            numbers[id] = number
            guard let plan = plans.first(where: { $0.organisation == id }) else { continue }
            parties[index]["endpoint"] = "https://127.0.0.1:\(plan.port)/ebxml"
            parties[index]["certificates"] = [
                "signing": ["\(keyFolder(number))/signing.crt"], "encryption": ["\(keyFolder(number))/encryption.crt"],
            ]
        }
        top["parties"] = parties
        if let protection, let agreements = top["agreements"] as? [[String: Any]] {
            let organisations = Set(plans.map(\.organisation))
            top["agreements"] = agreements.map { agreement in
                guard let parties = agreement["parties"] as? [String], organisations.isSuperset(of: parties) else {
                    return agreement
                }
                var changed = agreement
                changed["protection"] = protection
                return changed
            }
        }
        let bytes = try JSONSerialization.data(withJSONObject: top, options: [.prettyPrinted, .sortedKeys])
        try bytes.write(to: URL(filePath: folder + "/registry.json"))
        return numbers
    }
}
