import Envelope
import Foundation
import Practice

extension Registry {
    /// The same as from one file, from a book of doors whose certificates are in it.
    ///
    /// - Throws: what names the party and the field, prefixed with the name.
    public init(book: DoorBook, name: String = "registry") throws(RegistryError) {
        do { self.init(try RegistryFile(book: book), name: name) } catch {
            throw RegistryError(
                error.code, file: name, party: error.party, field: error.field, reason: error.reason, underlying: error.underlying
            )
        }
    }

    /// The registry that a node of these settings works by: the newest version in its store; while there is none, the files.
    public static func current(_ settings: RegistrySettings, in store: GatewayStore) throws -> Registry {
        if let version = try store.registryVersion() {
            return try Registry(book: try store.registryBook(), name: "version \(version) of the registry in the store")
        }
        return try Registry(files: settings)
    }

    /// The same for who only looks, and must also look when there is no store, or one that cannot be opened.
    static func current(of settings: NodeSettings) throws -> Registry {
        guard FileManager.default.fileExists(atPath: settings.store.folder + "/gateway.sqlite"),
            let key = try? StoreKey(file: settings.store.keyFile),
            let store = try? GatewayStore(folder: URL(filePath: settings.store.folder), key: key)
        else { return try Registry(files: settings.registry) }
        return try current(settings.registry, in: store)
    }

    private init(files settings: RegistrySettings) throws(RegistryError) {
        // A single file is read as it always was: what this reader does not know is a mistake in it.
        guard !settings.also.isEmpty else {
            try self.init(file: settings.file)
            return
        }
        try self.init(book: try RegistryFiles.book(settings.files), name: settings.files.joined(separator: ", "))
    }
}

extension RegistryFile {
    init(book: DoorBook) throws(RegistryError) {
        self.init()
        var loader = CertificateLoader(folder: "")
        var order: [HERID] = []
        for door in book.doors {
            let entry = try RegistryEntry(door, certificates: &loader)
            try add(entry)
            order.append(entry.herID)
        }
        try finish(order)
        guard !book.agreements.isEmpty else { return }
        let root = RegistryNode.object([RegistryNode.Member("agreements", .list(book.agreements))])
        let value: JSONValue
        do { value = try JSONDecoder().decode(JSONValue.self, from: Data(root.json())) } catch {
            throw RegistryError(.malformed, field: "agreements", reason: "is not JSON")
        }
        try readAgreements(try RegistryFields(value, path: "", party: nil, known: ["agreements"]))
    }
}

extension RegistryEntry {
    init(_ door: Door, certificates loader: inout CertificateLoader) throws(RegistryError) {
        herID = HERID(door.id)
        kind =
            switch door.kind {
            case .organisation: .organisation
            case .service: .service
            case .person: .person
            }
        (name, parent) = (door.name, door.parent.map { HERID($0) })
        (organisationNumber, hprNumber) = (door.organisationNumber, door.hprNumber)
        businessType = door.businessType.map { RegistryCode(code: $0.code, oid: $0.oid) }
        serviceType = door.serviceType.map { RegistryCode(code: $0.code, oid: $0.oid) }
        bydel = door.area?.value
        (validFrom, validTo) = (door.period.from?.start, door.period.to.map { $0.start + 86_400 })
        takesMessages = door.isActive
        capabilities = door.capabilities.map { stated in
            PartyCapabilities(
                protections: Set(stated.protections.compactMap { PayloadProtection(rawValue: $0) }),
                attachmentFormats: stated.attachmentFormats, maxBytes: stated.maxBytes)
        }
        endpoint = door.endpoints.first { $0.type == DoorEndpoint.ebXML }?.address
        if let endpoint, !Self.isEndpoint(endpoint) {
            throw RegistryError(
                .invalidValue, party: herID, field: "endpoint",
                reason: "is not an https address such as https://node.example/ebxml"
            )
        }
        // The national registry does not say; whoever is in it reads the national protection.
        usual = PartyCapabilities(protections: [.national], attachmentFormats: [], maxBytes: nil)
        // Known by fingerprint alone: nothing can be encrypted for it, and nothing that it signed can be believed.
        signing = try Self.certificates(of: door, for: .signing, &loader)
        encryption = try Self.certificates(of: door, for: .encryption, &loader)
    }

    private static func certificates(
        of door: Door, for use: DoorCertificate.Use, _ loader: inout CertificateLoader
    ) throws(RegistryError) -> [Certificate]? {
        let stated = door.certificates.filter { $0.use == use }.compactMap(\.stated)
        var read: [Certificate] = []
        for text in stated {
            do { read.append(try loader.certificate(text)) } catch {
                throw RegistryError(
                    .certificate, party: HERID(door.id), field: "certificates.\(use.rawValue)", reason: error.reason,
                    underlying: error.underlying)
            }
        }
        return read.isEmpty ? nil : read
    }
}
