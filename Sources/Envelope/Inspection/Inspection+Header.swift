extension Inspection {
    /// The header of an ebXML message and what kind of message it is.
    public struct EbXML: Sendable, Hashable, Encodable {
        public struct Identifier: Sendable, Hashable, Encodable {
            public let type: String?
            public let value: String
        }

        public struct Side: Sendable, Hashable, Encodable {
            public let ids: [Identifier]
            public let role: String?
        }

        public struct System: Sendable, Hashable, Encodable {
            public let msh: String?
            public let system: String?
        }

        public struct Receipt: Sendable, Hashable, Encodable {
            public let refToMessageID: String
            public let timestamp: String
            public let references: Int
        }

        /// One reference of the Manifest.
        public struct Reference: Sendable, Hashable, Encodable {
            public let contentID: String
            public let role: String?
        }

        public struct Error: Sendable, Hashable, Encodable {
            public let code: String
            public let severity: String
            public let location: String?
            /// The peer's words.
            public let text: String?
        }

        public let from: Side
        public let to: Side
        public let cpaID: String
        public let conversationID: String
        public let service: String
        public let serviceType: String?
        public let action: String
        public let messageID: String
        public let timestamp: String
        public let refToMessageID: String?
        public let timeToLive: String?
        public let duplicateElimination: Bool
        /// `signed` or `unsigned`; nil when no Acknowledgment is asked for.
        public let ackRequested: String?
        public let syncReply: Bool
        public let sentBy: System?
        public let manifest: [Reference]?
        public let acknowledges: Receipt?
        public let errors: [Error]?
    }
}

extension Inspection.EbXML {
    init(_ message: EbXMLMessage) {
        let header = message.header
        (from, to) = (Side(header.from), Side(header.to))
        (cpaID, conversationID) = (ShownText.identifier(header.cpaID), ShownText.identifier(header.conversationID))
        (service, serviceType) = (ShownText.free(header.service.name), header.service.type.map(ShownText.free))
        action = ShownText.free(header.action)
        messageID = ShownText.identifier(header.messageData.messageID)
        timestamp = header.messageData.timestamp.text
        refToMessageID = header.messageData.refToMessageID.map(ShownText.identifier)
        timeToLive = header.messageData.timeToLive?.text
        duplicateElimination = header.duplicateElimination
        ackRequested = message.ackRequested.map { $0.signed ? "signed" : "unsigned" }
        syncReply = message.syncReply != nil
        sentBy = header.description.map(System.init)
        switch message.content {
        case .payload(let payload):
            manifest = payload.references.map {
                Reference(contentID: ShownText.identifier($0.contentID.value), role: $0.role.map(ShownText.free))
            }
            (acknowledges, errors) = (nil, nil)
        case .acknowledgment(let receipt): (manifest, acknowledges, errors) = (nil, Receipt(receipt), nil)
        case .error(let list): (manifest, acknowledges, errors) = (nil, nil, list.errors.map(Error.init))
        case .ping, .pong: (manifest, acknowledges, errors) = (nil, nil, nil)
        }
    }
}

extension Inspection.EbXML.Side {
    init(_ party: Party) {
        ids = party.ids.map {
            Inspection.EbXML.Identifier(type: $0.type.map(ShownText.free), value: ShownText.identifier($0.value))
        }
        role = party.role.map(ShownText.free)
    }
}

extension Inspection.EbXML.System {
    init(_ description: SystemDescription) {
        func named(_ name: String?, _ version: String?) -> String? {
            name.map { ShownText.free([$0, version].compactMap { $0 }.joined(separator: " ")) }
        }
        msh = named(description.mshSystem, description.mshVersion)
        system = named(description.system, description.systemVersion)
    }
}

extension Inspection.EbXML.Receipt {
    init(_ receipt: Acknowledgment) {
        refToMessageID = ShownText.identifier(receipt.refToMessageID)
        (timestamp, references) = (receipt.timestamp.text, receipt.references.count)
    }
}

extension Inspection.EbXML.Error {
    init(_ error: EbXMLError) {
        (code, severity) = (ShownText.free(error.errorCode), error.severity.rawValue)
        (location, text) = (error.location.map(ShownText.free), error.text.map(ShownText.free))
    }
}
