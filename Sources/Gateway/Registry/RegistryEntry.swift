import Envelope
import Foundation

/// A party as its own lines in the file say, before anything comes from its parent.
struct RegistryEntry {
    let herID: HERID
    let kind: RegisteredParty.Kind
    let name: String
    let parent: HERID?
    let organisationNumber: String?
    let hprNumber: String?
    let businessType: RegistryCode?
    let serviceType: RegistryCode?
    let bydel: String?
    let validFrom: Date?
    let validTo: Date?
    let takesMessages: Bool
    let capabilities: PartyCapabilities?
    let endpoint: String?
    let signing: [Certificate]?
    let encryption: [Certificate]?
    /// What counts when neither it nor its parent says what it can.
    let usual: PartyCapabilities?

    static let fields = [
        "herId", "kind", "name", "parent", "organisationNumber", "hprNumber", "businessType", "serviceType", "bydel",
        "validFrom", "validTo", "capabilities", "endpoint", "certificates",
    ]

    init(_ value: JSONValue, number: Int, certificates loader: inout CertificateLoader) throws(RegistryError) {
        let stated = RegistryEntry.herID(value)
        let fields = try RegistryFields(
            value, path: stated == nil ? "parties[\(number)]" : "", party: stated, known: RegistryEntry.fields)
        guard let herID = try fields.party("herId") else { throw fields.error(.malformed, "herId", "is missing") }
        self.herID = herID
        guard let kind = try fields.choice("kind", RegisteredParty.Kind.self) else {
            throw fields.error(.malformed, "kind", "is missing")
        }
        self.kind = kind
        self.name = try fields.required("name")
        self.parent = try fields.party("parent")
        self.organisationNumber = try fields.string("organisationNumber")
        self.hprNumber = try fields.string("hprNumber")
        self.businessType = try fields.code("businessType")
        self.serviceType = try fields.code("serviceType")
        self.bydel = try fields.string("bydel")
        self.validFrom = try fields.day("validFrom")
        self.validTo = try fields.day("validTo")?.addingTimeInterval(86_400)
        self.capabilities = try RegistryEntry.capabilities(fields)
        self.endpoint = try fields.string("endpoint")
        (self.signing, self.encryption) = try RegistryEntry.certificates(fields, loader: &loader)
        (takesMessages, usual) = (true, nil)
        try check(fields)
    }

    /// For errors about anything else in the object.
    private static func herID(_ value: JSONValue) -> HERID? {
        guard case .object(let values) = value, case .string(let text)? = values["herId"] else { return nil }
        return HERID(text)
    }

    private func check(_ fields: RegistryFields) throws(RegistryError) {
        switch kind {
        case .organisation:
            if parent != nil { throw fields.error(.invalidValue, "parent", "an organisation stands by itself") }
            if organisationNumber == nil { throw fields.error(.malformed, "organisationNumber", "is missing") }
        case .service, .person:
            if parent == nil { throw fields.error(.malformed, "parent", "is missing") }
        }
        if let organisationNumber, (try? OrganisationNumber(organisationNumber)) == nil {
            throw fields.error(.invalidValue, "organisationNumber", "is not nine digits with a right check digit")
        }
        if let hprNumber,
            !(1...9).contains(hprNumber.utf8.count) || hprNumber.utf8.contains(where: { !(0x30...0x39).contains($0) })
        {
            throw fields.error(.invalidValue, "hprNumber", "is not 1 to 9 digits")
        }
        if let validFrom, let validTo, validTo <= validFrom {
            throw fields.error(.invalidValue, "validTo", "is before validFrom")
        }
        if let endpoint, !RegistryEntry.isEndpoint(endpoint) {
            throw fields.error(.invalidValue, "endpoint", "is not an https address such as https://node.example/ebxml")
        }
    }

    /// https; plain http only to a node on the same machine.
    static func isEndpoint(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil,
            parts.fragment == nil
        else { return false }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return parts.scheme == "https" || (parts.scheme == "http" && HTTPSettings.isLoopback(bare))
    }

    private static func capabilities(_ party: RegistryFields) throws(RegistryError) -> PartyCapabilities? {
        guard let value = party.value("capabilities") else { return nil }
        let fields = try RegistryFields(
            value, path: "capabilities", party: party.party, known: ["protections", "attachmentFormats", "maxBytes"])
        var protections: Set<PayloadProtection> = []
        for word in try fields.strings("protections") {
            guard let protection = PayloadProtection(rawValue: word) else {
                throw fields.error(.invalidValue, "protections", "holds something else than national and strong")
            }
            protections.insert(protection)
        }
        guard !protections.isEmpty else {
            throw fields.error(.malformed, "protections", "names neither national nor strong")
        }
        return PartyCapabilities(
            protections: protections, attachmentFormats: try fields.strings("attachmentFormats"),
            maxBytes: try fields.integer("maxBytes"))
    }

    private static func certificates(
        _ party: RegistryFields, loader: inout CertificateLoader
    ) throws(RegistryError) -> (signing: [Certificate]?, encryption: [Certificate]?) {
        guard let value = party.value("certificates") else { return (nil, nil) }
        let fields = try RegistryFields(
            value, path: "certificates", party: party.party, known: ["signing", "encryption"])
        var read: [[Certificate]?] = []
        for name in ["signing", "encryption"] {
            guard fields.value(name) != nil else {
                read.append(nil)
                continue
            }
            var certificates: [Certificate] = []
            for text in try fields.strings(name) {
                do { certificates.append(try loader.certificate(text)) } catch {
                    throw RegistryError(
                        .certificate, party: party.party, field: fields.place(name), reason: error.reason,
                        underlying: error.underlying)
                }
            }
            read.append(certificates)
        }
        return (read[0], read[1])
    }
}

/// Reads each certificate of a registry once, from PEM in place or from a file beside the registry.
struct CertificateLoader {
    let folder: String
    private var known: [String: Certificate] = [:]

    init(folder: String) { self.folder = folder }

    mutating func certificate(_ text: String) throws(RegistryError) -> Certificate {
        if let certificate = known[text] { return certificate }
        let pem: [UInt8]
        if text.hasPrefix("-----BEGIN ") {
            pem = Array(text.utf8)
        } else {
            let file = text.hasPrefix("/") ? text : "\(folder)/\(text)"
            guard let content = FileManager.default.contents(atPath: file) else {
                throw RegistryError(.certificate, reason: "\(file) cannot be read")
            }
            pem = [UInt8](content)
        }
        do {
            let certificate = try Certificate(pem: pem)
            known[text] = certificate
            return certificate
        } catch {
            throw RegistryError(.certificate, reason: "holds no certificate that can be read", underlying: error)
        }
    }
}
