import Envelope
import Foundation
import Practice

/// Files that somebody hands in, each told by what stands in it: our own format, the national export, answers of its REST and SOAP
/// interfaces, and certificates that belong to these.
struct RegistryHandIn {
    struct File: Sendable {
        let name: String
        let bytes: [UInt8]
        let folder: String

        /// - Throws: ``RegistryDeskError``, which names the file.
        init(_ path: String) throws(RegistryDeskError) {
            guard let content = FileManager.default.contents(atPath: path), content.count <= Registry.largestFile else {
                throw RegistryDeskError("\(path) cannot be read; name a file that this user may read")
            }
            self.init(name: path, bytes: [UInt8](content), folder: URL(filePath: path).deletingLastPathComponent().path)
        }

        init(name: String, bytes: [UInt8], folder: String) { (self.name, self.bytes, self.folder) = (name, bytes, folder) }
    }

    enum Kind: String, Sendable { case file, export, rest, soap }

    struct Answer: Sendable {
        let kind: Kind
        let name: String
        let scope: IncomingAnswer.Scope
        var doors: [Door]
        let serverDay: DoorDay?
        let bytes: Int

        /// What it is remembered by: an older answer of the same is refused.
        var source: String {
            switch scope {
            case .everything: kind.rawValue
            case .party(let id): "\(kind.rawValue) \(id)"
            }
        }
    }

    /// Our own files, read together; nil when there are none.
    private(set) var book: DoorBook?
    private(set) var answers: [Answer] = []
    private(set) var certificates = CertificatePool()
    /// Whether what is left out says nothing.
    let isPart: Bool

    /// - Parameter isPart: that a list leaves out parties that are known says nothing about them.
    init(_ files: [File], isPart: Bool) throws(RegistryDeskError) {
        self.isPart = isPart
        var own: [File] = []
        var rest: [(file: File, node: RegistryNode)] = []
        for file in files {
            do {
                switch try Content(file.bytes) {
                case .file: own.append(file)
                case .certificate(let certificate): certificates.add(certificate)
                case .rest(let node): rest.append((file, node))
                case .export(let isList):
                    answers += Self.answers(try NationalAnswer.export(file.bytes), .export, file, isWhole: isList && !isPart)
                case .soap(let element): answers += Self.answers(try NationalAnswer.soap(element), .soap, file, isWhole: false)
                }
            } catch let error as DoorError {
                throw RegistryDeskError("\(file.name): \(error); nothing was taken")
            } catch let error as EnvelopeError {
                throw RegistryDeskError("\(file.name): \(error); nothing was taken")
            } catch {
                throw RegistryDeskError("\(file.name): \(error)")
            }
        }
        // Certificates may stand in files that come later.
        for (file, node) in rest {
            do { answers += Self.answers(try certificates.rest(file.bytes, node), .rest, file, isWhole: false) } catch {
                throw RegistryDeskError("\(file.name): \(error); nothing was taken")
            }
        }
        try read(own, isPart: isPart)
    }

    private mutating func read(_ own: [File], isPart: Bool) throws(RegistryDeskError) {
        guard !own.isEmpty else { return }
        let read: DoorBook
        do { read = try RegistryFiles.book(own.map(\.bytes), names: own.map(\.name), folders: own.map(\.folder)) } catch {
            throw RegistryDeskError("\(error); nothing was taken")
        }
        book = read
        // Lists alone say nothing of parties.
        if read.doors.isEmpty { return }
        let name = own.map(\.name).joined(separator: ", ")
        let bytes = own.reduce(0) { $0 + $1.bytes.count }
        if isPart {
            answers += Self.families(read.doors).map {
                Answer(kind: .file, name: name, scope: .party($0[0].id), doors: $0, serverDay: nil, bytes: bytes)
            }
        } else {
            answers.append(
                Answer(kind: .file, name: name, scope: .everything, doors: read.doors, serverDay: nil, bytes: bytes))
        }
    }

    private static func answers(_ answer: NationalAnswer, _ kind: Kind, _ file: File, isWhole: Bool) -> [Answer] {
        let made = { (scope: IncomingAnswer.Scope, doors: [Door]) in
            Answer(
                kind: kind, name: file.name, scope: scope, doors: doors, serverDay: answer.serverDay, bytes: file.bytes.count)
        }
        if isWhole { return [made(.everything, answer.doors)] }
        // One answer about a person comes with the organisation: the party that was asked about stands first.
        if kind != .export, let first = answer.doors.first { return [made(.party(first.id), answer.doors)] }
        return families(answer.doors).map { made(.party($0[0].id), $0) }
    }

    /// Each organisation with what hangs below it, and what hangs below none of them by itself.
    private static func families(_ doors: [Door]) -> [[Door]] {
        let organisations = Set(doors.filter { $0.kind == .organisation }.map(\.id))
        var order: [DoorID] = []
        var families: [DoorID: [Door]] = [:]
        for door in doors {
            let head = door.parent.flatMap { organisations.contains($0) ? $0 : nil } ?? door.id
            if families[head] == nil { order.append(head) }
            families[head, default: []].append(door)
        }
        return order.compactMap { head in families[head].map { $0.filter { $0.id == head } + $0.filter { $0.id != head } } }
    }
}

/// What a file holds, by its outermost names.
private enum Content {
    case file
    case export(isList: Bool)
    case rest(RegistryNode)
    case soap(RegistryElement)
    case certificate(Certificate)

    init(_ bytes: [UInt8]) throws {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if first == UInt8(ascii: "<") {
            let element = try PlainElement(parsing: bytes)
            if element.name == "CertificateDetails" {
                self = .certificate(try Self.certificate(element.children.first { $0.name == "Certificate" }?.text))
            } else {
                self = .soap(RegistryElement(element))
            }
            return
        }
        let node = try RegistryNode(json: bytes)
        if node["parties"] != nil || node["areas"] != nil || node["agreements"] != nil { self = .file; return }
        if case .text(let base64)? = node["certificateValue"] { self = .certificate(try Self.certificate(base64)); return }
        if case .list = node { self = .export(isList: true); return }
        if node["communicationParty"] != nil || node["HerId"] != nil { self = .export(isList: false); return }
        if node["herId"] != nil { self = .rest(node); return }
        throw DoorError(
            .malformed, at: "", "is neither a registry of our own nor an answer of the national one that is known here")
    }

    private static func certificate(_ base64: String?) throws(EnvelopeError) -> Certificate {
        guard let der = base64.flatMap({ Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }) else {
            throw EnvelopeError(.certificateMalformed, reason: "holds no certificate in base64")
        }
        return try Certificate(der: [UInt8](der))
    }
}

extension RegistryElement {
    init(_ element: PlainElement) {
        self.init(
            element.name, namespace: element.namespace ?? "", isNil: element.isNil, text: element.text,
            children: element.children.map { RegistryElement($0) })
    }
}

/// Certificates at hand, found by any of the ways in which registries name them.
struct CertificatePool {
    private var byName: [String: Certificate] = [:]
    private var ambiguous: Set<String> = []

    var isEmpty: Bool { byName.isEmpty }

    mutating func add(_ certificate: Certificate) {
        let facts = CertificateFacts(certificate)
        byName["sha1:\(facts.sha1)"] = certificate
        byName["sha256:\(facts.sha256)"] = certificate
        // Serial numbers are the issuer's: two certificates of one number name nobody.
        let serial = "serial:\(certificate.decimalSerial)"
        if let other = byName[serial], other != certificate { ambiguous.insert(serial) }
        byName[serial] = certificate
    }

    subscript(fingerprint: String) -> Certificate? { ambiguous.contains(fingerprint) ? nil : byName[fingerprint] }

    /// A party of the REST interface, with its certificates where they were handed in too.
    func rest(_ bytes: [UInt8], _ node: RegistryNode) throws(DoorError) -> NationalAnswer {
        func fetched(_ name: String) -> [UInt8]? {
            guard case .text(let print)? = node[name]?["thumbprint"], let found = self["sha1:\(print.lowercased())"] else {
                return nil
            }
            return RegistryNode.object([
                RegistryNode.Member("thumbprint", .text(print)),
                RegistryNode.Member("certificateValue", .text(Data(found.der).base64EncodedString())),
            ]).json()
        }
        return try NationalAnswer.rest(
            party: bytes, signing: fetched("currentSigningCertificate"), encryption: fetched("currentEncryptionCertificate")
        ) { base64 in
            Data(base64Encoded: base64).flatMap { try? Certificate(der: [UInt8]($0)) }.map { CertificateFacts($0) }
        }
    }

    /// The certificates themselves in place of their names, as far as they are at hand.
    ///
    /// - Parameter held: those that the party is known by. They say for what, where the name does not.
    func resolved(_ named: DoorCertificate, holding held: [DoorCertificate] = []) -> [DoorCertificate] {
        guard let certificate = self[named.fingerprint] else { return [named] }
        guard named.use == .unstated else { return [DoorCertificate(certificate, for: named.use)] }
        let fingerprint = DoorCertificate(certificate, for: .unstated).fingerprint
        let known = held.filter { $0.fingerprint == fingerprint }
        if !known.isEmpty { return known }
        // SEID: the certificate that payloads are encrypted for may also log in, and so says digitalSignature too.
        let encrypts = !certificate.keyUsage.isDisjoint(with: [.keyEncipherment, .dataEncipherment, .keyAgreement])
        return [DoorCertificate(certificate, for: encrypts ? .encryption : .signing)]
    }
}
