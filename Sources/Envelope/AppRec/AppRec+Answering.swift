extension AppRec {
    /// The receipt for a message: sender and receiver change places, a service becomes `Dept`, a person `HCPerson`.
    ///
    /// - Parameters:
    ///   - address: who answers, when that is not the message's receiver. A copy receiver answers with the role COP.
    ///   - version: what the partner's agreement names; nil for ``Version/init(answering:)``.
    /// - Throws: ``EnvelopeError`` `.documentIncomplete` when status and errors do not fit together, `.documentUnknown` when
    ///   the message is itself a receipt: those are never answered.
    public static func answering(
        _ message: DocumentSummary, status: Status, errors: [CodedValue] = [], id: String, generated: DocumentTime,
        as address: AddressPath? = nil, version: Version? = nil, softwareName: String? = nil, softwareVersion: String? = nil
    ) throws(EnvelopeError) -> AppRec {
        if message.format == .appRec10 || message.format == .appRec11 {
            throw EnvelopeError(.documentUnknown, reason: "a receipt is not answered with a receipt")
        }
        let isCopy = address.map { own in
            own.communicationHERID != message.receiver.communicationHERID
                && message.copyReceivers.contains { $0.communicationHERID == own.communicationHERID }
        }
        let receipt = AppRec(
            version: version ?? Version(answering: message.format), softwareName: softwareName, softwareVersion: softwareVersion,
            generated: generated, id: id,
            sender: Party(
                (address ?? message.receiver).inReceipts, role: isCopy == true ? CodedValue("COP", "Kopimottaker") : nil),
            receiver: Party(message.sender.inReceipts), status: status, errors: errors,
            original: OriginalMessage(
                type: message.type.withoutList, issued: message.generated.asDateTime, id: message.messageID))
        try receipt.check()
        return receipt
    }
}

extension AddressPath {
    /// The address as a receipt can hold it: types without code list, no role.
    fileprivate var inReceipts: AddressPath {
        func unit(_ unit: Unit) -> Unit { Unit(unit.name, unit.identifiers.map(\.withoutList)) }
        return AddressPath(
            unit(organisation), service: service.map(unit),
            person: person.map { Person($0.name, $0.identifiers.map(\.withoutList)) })
    }
}

extension DocumentTime {
    /// The same text where the schema takes it; else the instant, written as it should have been.
    fileprivate var asDateTime: DocumentTime { precision == .second && isWellFormed ? self : DocumentTime(date) }
}
