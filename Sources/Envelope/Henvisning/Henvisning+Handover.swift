import Foundation

extension Henvisning {
    /// What a referral says of where it was before: whoever got it first has handed it over to the right door, and the time in which it
    /// must be answered runs from that first receipt.
    ///
    /// Henvisning 1.1 has no place for this, and 2.0, which has one (9147, 1), is not final. It stands in `ReqComment` as lines
    /// that people read as they are, and that another msggw reads by their first words. The last of several counts for who handed
    /// it over; the first message, its time and its referrer stay what they were.
    public struct Handover: Sendable, Hashable {
        /// Who handed it over, for people.
        public var by: String
        /// In one line.
        public var reason: String
        /// When the first receiver's node had it.
        public var firstReceived: DocumentTime
        /// `MsgId` of the referral as the referrer sent it.
        public var original: String
        /// HER-id of the referrer.
        public var referrer: String

        public init(by: String, reason: String, firstReceived: DocumentTime, original: String, referrer: String) {
            (self.by, self.reason, self.firstReceived) = (by, reason, firstReceived)
            (self.original, self.referrer) = (original, referrer)
        }
    }

    /// nil for a referral that came straight from its referrer.
    public var handover: Handover? { servReq.reqComment.flatMap { Handover(comment: $0) } }

    /// The same referral for another door: what was written stays, and it goes from whoever hands it over.
    ///
    /// Attachments that lie beside the document are left out of it: they are attached anew when it is sent.
    public func handedOver(
        _ handover: Handover, messageID: String, generated: DocumentTime, from sender: AddressPath, to receiver: AddressPath
    ) -> Henvisning {
        var referral = self
        (referral.msgID, referral.genDate) = (messageID, generated)
        if !servReq.patient.patRelHCP.contains(where: { $0.relation.code == HCPRelation.referring.rawValue }) {
            referral.servReq.patient.patRelHCP.append(
                PatRelHCP(relation: HCPRelation.referring.simple, hcp: servReq.requester.hcp))
        }
        (referral.servReq.requester, referral.servReq.servProvider) = (Party(sender), Party(receiver))
        referral.servReq.ack = AckRequest.yes.simple
        referral.servReq.copyDest = []
        referral.servReq.refDoc.removeAll { $0.attachment?.contentID != nil }
        let before = servReq.reqComment.map { Handover.withoutLines($0) } ?? ""
        referral.servReq.reqComment = (handover.lines + (before.isEmpty ? [] : ["", before])).joined(separator: "\n")
        referral.deviations = []
        return referral
    }
}

extension Henvisning.Handover {
    private static let marks = (
        by: "Sendt videre fra ", reason: "Grunn: ", received: "Først mottatt: ", original: "Opprinnelig melding: ",
        referrer: "Opprinnelig henviser: HER-id "
    )
    private static let clock = "Fristen for svar løper fra første mottak."

    var lines: [String] {
        [
            "\(Self.marks.by)\(by.oneLine). \(Self.clock)", "\(Self.marks.reason)\(reason.oneLine)",
            "\(Self.marks.received)\(firstReceived.text)", "\(Self.marks.original)\(original)",
            "\(Self.marks.referrer)\(referrer)",
        ]
    }

    /// nil unless the comment begins with all the lines, in their order, and each holds what it should.
    init?(comment: String) {
        let lines = comment.split(separator: "\n", maxSplits: 5, omittingEmptySubsequences: false).map { String($0).trimmed }
        let marks = [Self.marks.by, Self.marks.reason, Self.marks.received, Self.marks.original, Self.marks.referrer]
        guard lines.count >= marks.count, zip(lines, marks).allSatisfy({ $0.hasPrefix($1.trimmed) }),
            lines[0].hasSuffix(Self.clock)
        else { return nil }
        let values = zip(lines, marks).map { String($0.dropFirst($1.count)).trimmed }
        guard let received = DocumentTime(values[2]), received.precision == .second, !values[3].isEmpty,
            values[3].utf8.count <= 200, (1...10).contains(values[4].utf8.count),
            values[4].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let by = values[0].dropLast(Self.clock.count).trimmingCharacters(in: .whitespaces)
        self.init(
            by: by.hasSuffix(".") ? String(by.dropLast()) : by, reason: values[1], firstReceived: received, original: values[3],
            referrer: values[4])
    }

    /// What the referrer wrote there.
    static func withoutLines(_ comment: String) -> String {
        guard Self(comment: comment) != nil else { return comment }
        return comment.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(5).joined(separator: "\n").trimmed
    }
}

extension String {
    fileprivate var oneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
