/// How one type of document is addressed in ebXML. The names belong to HISD 1209, which is not public: the defaults below are
/// our own choice, shaped after names that are (the process's own name as service and action), and an agreement or the
/// configuration overrides them.
public struct MessageKind: Sendable, Hashable {
    public var documentType: MessageType
    public var service: Service
    public var action: String
    public var senderRole: String
    public var receiverRole: String
    /// The action under which the receiver's system answers with an AppRec, in the same service.
    public var appRecAction: String

    public init(
        documentType: MessageType, service: Service, action: String, senderRole: String, receiverRole: String,
        appRecAction: String = "AppRec"
    ) {
        (self.documentType, self.service, self.action) = (documentType, service, action)
        (self.senderRole, self.receiverRole, self.appRecAction) = (senderRole, receiverRole, appRecAction)
    }

    /// The AppRec that answers this kind: same service, roles swapped.
    public var appRec: MessageKind {
        MessageKind(
            documentType: .appRec, service: service, action: appRecAction, senderRole: receiverRole, receiverRole: senderRole,
            appRecAction: appRecAction)
    }
}

/// What this node sends and takes: one kind per document type.
public struct MessageKindTable: Sendable, Hashable {
    public private(set) var kinds: [MessageType: MessageKind]

    public init(_ kinds: [MessageKind]) {
        self.kinds = Dictionary(kinds.map { ($0.documentType, $0) }) { _, last in last }
    }

    public subscript(documentType: MessageType) -> MessageKind? { kinds[documentType] }

    /// The kinds a service and action stand for; several dialogue messages share theirs. An AppRec's kind is derived from the
    /// kind it answers. Names are compared without regard to case, since peers' registries spell them both ways.
    public func kinds(service: String, action: String) -> [MessageKind] {
        func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
        let ofService = kinds.values.filter { same($0.service.name, service) }
        let direct = ofService.filter { same($0.action, action) }
        let found = direct.isEmpty ? Set(ofService.filter { same($0.appRecAction, action) }.map(\.appRec)) : Set(direct)
        return found.sorted { ($0.documentType.rawValue, $0.senderRole) < ($1.documentType.rawValue, $1.senderRole) }
    }

    /// The table with other kinds in the place of, or beside, its own.
    public func overriding(with others: [MessageKind]) -> MessageKindTable {
        var table = self
        for kind in others { table.kinds[kind.documentType] = kind }
        return table
    }

    public static let standard = MessageKindTable(
        [MessageType.henvisning, .henvisningBUP, .henvisningRehabilitering, .henvisningNyTilstand, .henvisningVidere].map {
            kind($0, "Henvisning", "Henvisning", "Henviser", "Henvisningsmottaker")
        } + [
            kind(.epikrise, "Epikrise", "Epikrise", "Epikriseavsender", "Epikrisemottaker"),
            kind(.dialogStatusHenvisning, "Henvisning", "StatusHenvisning", "Henvisningsmottaker", "Henviser"),
        ]
            + [MessageType.dialogForesporsel, .dialogSvar, .dialogNotat, .dialogAvvik, .dialogHelsefaglig, .dialogTilArkivering]
            .map {
                kind($0, "Dialogmelding", "Dialogmelding", "Avsender", "Mottaker")
            })

    private static func kind(
        _ type: MessageType, _ service: String, _ action: String, _ sender: String, _ receiver: String
    ) -> MessageKind {
        MessageKind(documentType: type, service: Service(service), action: action, senderRole: sender, receiverRole: receiver)
    }
}
