import Native

extension Inspection {
    /// A collaboration agreement (CPA), or one party's profile (CPP).
    public struct Agreement: Sendable, Hashable, Encodable {
        public struct Side: Sendable, Hashable, Encodable {
            public let name: String?
            public let ids: [EbXML.Identifier]
            public let roles: [Role]
        }

        public struct Role: Sendable, Hashable, Encodable {
            public let role: String
            public let service: String
            public let canSend: [String]
            public let canReceive: [String]
        }

        /// `cpaid` or `cppid`; a profile may have none.
        public let id: String?
        public let status: String?
        public let start: String?
        public let end: String?
        public let parties: [Side]
    }
}

extension Inspection.Agreement {
    init(_ agreement: CollaborationAgreement) {
        id = ShownText.identifier(agreement.cpaID)
        status = agreement.status.map(ShownText.free)
        start = agreement.start.map { EbXMLTimestamp($0).text }
        end = agreement.end.map { EbXMLTimestamp($0).text }
        parties = agreement.parties.map(Side.init)
    }

    init(_ profile: CollaborationProfile) {
        id = profile.cppID.map(ShownText.identifier)
        (status, start, end) = (nil, nil, nil)
        parties = [Side(profile.party)]
    }
}

extension Inspection.Agreement.Side {
    init(_ party: AgreementParty) {
        name = ShownText.free(party.name)
        ids = party.ids.map {
            Inspection.EbXML.Identifier(type: $0.type.map(ShownText.free), value: ShownText.identifier($0.value))
        }
        roles = party.roles.map { role in
            Inspection.Agreement.Role(
                role: ShownText.free(role.role), service: ShownText.free(role.service.name),
                canSend: role.canSend.map { ShownText.free($0.action) },
                canReceive: role.canReceive.map { ShownText.free($0.action) })
        }
    }
}

extension Inspection {
    /// Elements of an agreement that are referred to, and the attribute that must name each once (`xs:ID`).
    private static let named = [
        "Certificate": "certId", "DeliveryChannel": "channelId", "Transport": "transportId", "DocExchange": "docExchangeId",
        "SecurityDetails": "securityId", "ThisPartyActionBinding": "id", "SimplePart": "id", "Packaging": "id",
    ]

    /// Real agreements repeat identifiers from one role or party to the next, which no schema allows.
    static func repeatedIDs(below root: XMLNode) -> [Deviation] {
        var seen: Set<String> = []
        var repeated: Set<String> = []
        func look(_ node: XMLNode) {
            if let attribute = named[node.name], let id = node.attribute(attribute, node.namespace) ?? node.attribute(attribute),
                !seen.insert(id).inserted
            {
                repeated.insert(node.name)
            }
            node.children.forEach(look)
        }
        look(root)
        return repeated.sorted().map { Deviation("an identifier stands more than once", at: $0) }
    }
}
