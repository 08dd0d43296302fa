import Foundation
import Native

extension Inspection {
    mutating func inspectXML(_ bytes: [UInt8], _ options: InspectionOptions) {
        kind = .xml
        read { () throws(EnvelopeError) in
            try XMLDocument.clinical(parsing: bytes)
        } then: { inspection, document in
            inspection.inspect(document, of: bytes, options)
        }
    }

    private mutating func inspect(_ document: XMLDocument, of bytes: [UInt8], _ options: InspectionOptions) {
        let node = document.root
        root = Root(name: ShownText.free(node.name), namespace: node.namespace.map(ShownText.free))
        switch (node.name, node.namespace) {
        case ("Envelope", EbXMLNamespace.soap): inspectBareSOAP(bytes, options)
        case ("Envelope", Self.soap12): inspectSOAP12(document)
        case ("MsgHead", _), ("AppRec", _), ("EI_fellesformat", _), ("Message", _): inspectDocument(document, options)
        case ("CollaborationProtocolAgreement", _):
            kind = .agreement
            read { () throws(EnvelopeError) in
                try CollaborationAgreement(parsing: bytes)
            } then: { inspection, agreement in
                inspection.agreement = Agreement(agreement)
                inspection.note(agreement.deviations + Self.repeatedIDs(below: node))
            }
            showCertificates(inside: certificates(below: node))
        case ("CollaborationProtocolProfile", _):
            kind = .profile
            read { () throws(EnvelopeError) in
                try CollaborationProfile(parsing: bytes)
            } then: { inspection, profile in
                inspection.agreement = Agreement(profile)
                inspection.note(profile.deviations + Self.repeatedIDs(below: node))
            }
            showCertificates(inside: certificates(below: node))
        default: inspectAnswer(node)
        }
    }

    private static let soap12 = "http://www.w3.org/2003/05/soap-envelope"

    mutating func inspectDocument(_ document: XMLDocument, _ options: InspectionOptions) {
        kind = .document
        read { () throws(EnvelopeError) in
            try ClinicalDocument(reading: document)
        } then: { inspection, read in
            inspection.document = Document(read, showsPersons: options.showsPersons)
            inspection.note(read.summary.deviations + Self.mislabelled(read.summary.attachments))
        }
        guard failure == nil, let root = try? ClinicalDocument.root(of: document, DeviationLog()) else { return }
        if root == document.root {
            inspectSignature(of: root, in: document, options)
        } else if let inner = try? document.canonicalized(.inclusive, CanonicalSelection(apex: root)),
            let inner = try? XMLDocument(parsing: inner)
        {
            // The document was signed before it was wrapped.
            inspectSignature(of: inner.root, in: inner, options)
        }
    }

    /// Attachments whose bytes are of another format than the sender says.
    private static func mislabelled(_ attachments: [Attachment]) -> [Deviation] {
        attachments.enumerated().compactMap { position, attachment in
            guard let claimed = attachment.mimeType, let format = attachment.detectedFormat, !format.agrees(withDeclared: claimed)
            else { return nil }
            return Deviation(
                "labelled \(claimed), but the bytes are \(format.rawValue)", at: "attachment \(position + 1)", severity: .warning)
        }
    }

    private mutating func inspectSOAP12(_ document: XMLDocument) {
        guard let body = document.root.child("Body", Self.soap12), let answer = body.children.first else {
            refuse(EnvelopeError(.documentUnknown, reason: "a SOAP 1.2 envelope without content"))
            return
        }
        if answer.is("Fault", Self.soap12) { return showFault(in: document) }
        root = Root(name: ShownText.free(answer.name), namespace: answer.namespace.map(ShownText.free))
        inspectAnswer(answer)
    }

    /// A SOAP fault, 1.1 or 1.2.
    mutating func showFault(in document: XMLDocument) {
        kind = .soapFault
        let fault = document.root.children.first { $0.name == "Body" }?.children.first { $0.name == "Fault" }
        func text(_ path: [String]) -> String? {
            var node = fault
            for name in path { node = node?.children.first { $0.name == name } }
            return node.map { ShownText.free($0.deepText.trimmed) }
        }
        self.fault = Fault(
            code: text(["faultcode"]) ?? text(["Code", "Value"]), reason: text(["faultstring"]) ?? text(["Reason", "Text"]))
    }

    /// Namespaces of the address registry begin with this.
    private static let registry = "http://register.nhn.no/"

    private mutating func inspectAnswer(_ node: XMLNode) {
        showCertificates(inside: certificates(below: node))
        if certificates != nil || node.namespace?.hasPrefix(Self.registry) ?? false {
            kind = .registryAnswer
        } else {
            outcome = .unreadable
            looksLike = "XML of a kind that is not read"
        }
    }

    /// Certificates in base64 wherever they stand; one that cannot be read is reported.
    private mutating func certificates(below node: XMLNode) -> [Certificate] {
        let children = node.children
        if children.isEmpty, ["Certificate", "CertificateValue", "X509Certificate"].contains(node.name) {
            return certificate(base64: node.textBytes, at: node.name).map { [$0] } ?? []
        }
        var found: [Certificate] = []
        for child in children { found += certificates(below: child) }
        return found
    }

    mutating func certificate(base64 text: [UInt8], at place: String) -> Certificate? {
        guard text.contains(where: { $0 > 0x20 }) else { return nil }
        guard let der = try? Base64Decoder.decode(text), let certificate = try? Certificate(der: der) else {
            note([Deviation("a certificate that cannot be read", at: place, severity: .warning)])
            return nil
        }
        return certificate
    }
}

// MARK: - JSON

extension Inspection {
    /// Answers of registries over REST: certificates in them are shown, and a document that one carries is read.
    mutating func inspectJSON(_ bytes: [UInt8], _ options: InspectionOptions) {
        kind = .json
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) else {
            looksLike = "JSON that is not well-formed"
            outcome = .unreadable
            return
        }
        var found = JSONFindings()
        found.collect(value, key: "", depth: 0)
        var certificates: [Certificate] = []
        for text in found.certificates {
            if text.hasPrefix("-----BEGIN") {
                certificates += (try? Certificate.all(pem: Array(text.utf8))) ?? []
            } else if let certificate = certificate(base64: Array(text.utf8), at: "certificate") {
                certificates.append(certificate)
            }
        }
        showCertificates(inside: certificates)
        if let document = found.document.flatMap({ try? Base64Decoder.decode(Array($0.utf8)) }) {
            inspectXML(document, options)
        } else if self.certificates != nil || found.isParty {
            kind = .registryAnswer
        } else {
            looksLike = "JSON of a kind that is not read"
            outcome = .unreadable
        }
    }
}

/// What is looked for in JSON, whatever its shape.
private struct JSONFindings {
    var certificates: [String] = []
    var document: String?
    /// Whether the outermost object describes a communication party.
    var isParty = false

    mutating func collect(_ value: Any, key: String, depth: Int) {
        guard depth < 50, certificates.count < 100 else { return }
        switch value {
        case let object as [String: Any]:
            if depth == 0 { isParty = object["herId"] != nil && object["type"] != nil }
            for (key, value) in object.sorted(by: { $0.key < $1.key }) { collect(value, key: key, depth: depth + 1) }
        case let list as [Any]:
            for value in list { collect(value, key: key, depth: depth + 1) }
        case let text as String:
            if text.hasPrefix("MII") || text.hasPrefix("-----BEGIN CERTIFICATE"), key.lowercased().contains("certificate") {
                certificates.append(text)
            } else if key == "businessDocument", document == nil {
                document = text
            }
        default: break
        }
    }
}
