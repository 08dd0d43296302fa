import Native

/// Where messages of a party arrive.
public enum AgreementEndpoint: Sendable, Hashable {
    case mail(address: String)
    /// `https` or `http`, as it stands.
    case http(url: String)
    /// Another transport's address, such as a queue.
    case other(String)
}

/// How a party's messages travel and what is promised about them. CPPA 2.0 §8.4.17 ff.
public struct AgreementChannel: Sendable, Hashable {
    /// `SMTP`, `HTTP`, `AMQP`.
    public let transport: String?
    public let endpoint: AgreementEndpoint?
    /// `none`, `signalsAndResponse`, …; nil when it is not stated.
    public let syncReplyMode: String?
    /// `always`, `never`, `perMessage`; nil when it is not stated.
    public let ackRequested: String?
    public let ackSignatureRequested: String?
    public let duplicateElimination: String?
    /// How often a message without receipt is sent again.
    public let retries: Int?
    public let retryInterval: Duration?
    /// How long a message is remembered, for duplicates.
    public let persistDuration: Duration?
    /// With what the party signs what it sends.
    public let signingCertificate: Certificate?
    /// The URI; the OID beside it is wrong in agreements in service.
    public let signatureAlgorithm: String?
    public let hashFunction: String?
}

extension AgreementEndpoint {
    /// Both `mailto:x@y` and `mailto://x@y` are in service.
    init?(_ uri: String) {
        let text = uri.trimmed
        guard !text.isEmpty, text.utf8.count <= 1024, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let lower = text.lowercased()
        if lower.hasPrefix("mailto:") {
            let address = text.dropFirst(lower.hasPrefix("mailto://") ? 9 : 7)
            let halves = address.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty }) else { return nil }
            self = .mail(address: String(address))
        } else if lower.hasPrefix("https://") || lower.hasPrefix("http://") {
            self = .http(url: text)
        } else {
            self = .other(text)
        }
    }
}

extension AgreementChannel {
    /// A party's channels by their identifier. References are resolved inside the party alone: the other one uses the same names.
    static func all(
        in party: AgreementElement, _ certificates: AgreementCertificates
    ) throws(EnvelopeError) -> [String: AgreementChannel] {
        var channels: [String: AgreementChannel] = [:]
        for element in party.children("DeliveryChannel") {
            guard let id = element.attribute("channelId") else { continue }
            let channel = try AgreementChannel(element, in: party, certificates)
            guard channels.updateValue(channel, forKey: id) ?? channel == channel else {
                throw element.malformed("two channels of one party have the same name and differ")
            }
        }
        return channels
    }

    private init(
        _ element: AgreementElement, in party: AgreementElement, _ certificates: AgreementCertificates
    ) throws(EnvelopeError) {
        func find(_ name: String, _ key: String) -> AgreementElement? {
            guard let id = element.attribute(key) else { return nil }
            return party.children(name).first { $0.attribute(key) == id }
        }
        let receiver = find("Transport", "transportId")?.child("TransportReceiver")
        let uri = receiver?.child("Endpoint")?.attribute("uri")
        let characteristics = element.child("MessagingCharacteristics")
        let sender = find("DocExchange", "docExchangeId")?.child("ebXMLSenderBinding")
        let reliable = sender?.child("ReliableMessaging")
        let signature = sender?.child("SenderNonRepudiation")
        let algorithm = signature?.child("SignatureAlgorithm")
        self.init(
            transport: receiver?.child("TransportProtocol")?.text, endpoint: uri.flatMap(AgreementEndpoint.init),
            syncReplyMode: characteristics?.attribute("syncReplyMode"), ackRequested: characteristics?.attribute("ackRequested"),
            ackSignatureRequested: characteristics?.attribute("ackSignatureRequested"),
            duplicateElimination: characteristics?.attribute("duplicateElimination"),
            retries: (reliable?.child("Retries")?.text).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil },
            retryInterval: reliable?.duration("RetryInterval"), persistDuration: sender?.duration("PersistDuration"),
            signingCertificate: try certificates.certificate(
                signature?.child("SigningCertificateRef")?.attribute("certId"), element),
            signatureAlgorithm: algorithm?.attribute("w3c") ?? algorithm?.text,
            hashFunction: signature?.child("HashFunction")?.text)
        if uri != nil, endpoint == nil { element.log.note("an endpoint is not an address, and is not read", at: element.place) }
    }
}

/// A party's certificates by their identifier.
struct AgreementCertificates {
    private var certificates: [String: Certificate] = [:]

    /// - Throws: `.agreementMalformed` when one identifier names two different certificates of the same party.
    init(_ party: AgreementElement) throws(EnvelopeError) {
        for element in party.children("Certificate") {
            guard let id = element.attribute("certId") else { continue }
            let texts = element.node.child("KeyInfo", SignatureNamespace.ds)?.children("X509Data", SignatureNamespace.ds)
                .flatMap { $0.children("X509Certificate", SignatureNamespace.ds) }
            guard let text = texts?.first, let certificate = try? Certificate(der: Base64Decoder.decode(text.textBytes)) else {
                element.log.note("a certificate is not readable", at: element.place)
                continue
            }
            guard certificates.updateValue(certificate, forKey: id) ?? certificate == certificate else {
                throw element.malformed("one name stands for two certificates of the same party")
            }
        }
    }

    /// A reference to a certificate that is not there is reported; what needs it will not find it.
    func certificate(_ id: String?, _ place: AgreementElement) throws(EnvelopeError) -> Certificate? {
        guard let id else { return nil }
        if certificates[id] == nil { place.log.note("a certificate that is named is not there", at: place.place) }
        return certificates[id]
    }
}
