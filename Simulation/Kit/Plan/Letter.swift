import Envelope
import Foundation

/// A document that somebody hands in at their node.
package struct Letter: Sendable, CustomStringConvertible {
    package enum Kind: Sendable { case dialog, referral, discharge }

    package let number: Int
    package let at: Duration
    let kind: Kind
    let from: String
    /// The receiver, then those who get copies.
    let to: [String]
    /// Bytes of each attachment.
    let attachments: [Int]
    /// The letter that it answers.
    let answers: Int?
    let wantsReceipt: Bool
    /// Handed in by a command, a process of its own, not by a system that the daemon serves.
    let byCommand: Bool

    /// `MsgId`: every letter has its own, and the checker knows it by this.
    let id: String

    init(_ number: Int, within whole: Duration, before: [Letter], seed: UInt64, _ random: inout Randomness) {
        self.number = number
        at = random.between(.zero, whole)
        id = "letter-\(seed)-\(number)"
        let parties = Town.Name.allCases.map(\.parties)
        let receipt = random.chance(0.8)
        let sizes = (0..<random.pick([0, 0, 0, 1, 2])).map { _ in random.pick([900, 20_000, 20_000, 130_000]) }
        if random.chance(0.3), let answered = before.last(where: { $0.kind != .discharge }) {
            (kind, from, to, answers) = (.dialog, answered.to[0], [answered.from], answered.number)
        } else if random.chance(0.25) {
            (kind, from, to, answers) = (.referral, random.pick(parties[0]), [random.pick(parties[1])], nil)
        } else if random.chance(0.2) {
            (kind, from, to, answers) = (
                .discharge, random.pick(parties[1]), [random.pick(parties[0]), random.pick(parties[2])], nil
            )
        } else {
            let sender = random.below(3)
            var others = parties.indices.filter { $0 != sender }.flatMap { parties[$0] }
            let count = random.pick([1, 1, 2, 3])
            let receivers = (0..<count).map { _ in others.remove(at: random.below(others.count)) }
            (kind, from, to, answers) = (.dialog, random.pick(parties[sender]), receivers, nil)
        }
        wantsReceipt = kind == .referral || receipt
        byCommand = random.chance(0.2)
        attachments = sizes
    }

    /// A small letter to find out whether a node works.
    init(probing number: Int, from: String, to: String, seed: UInt64) {
        (self.number, self.from, self.to) = (number, from, [to])
        (at, kind, attachments, answers, wantsReceipt, byCommand) = (.zero, .dialog, [], nil, true, false)
        id = "letter-\(seed)-\(number)"
    }

    var machine: Town.Name { Town.Name.hosting(from) ?? .gp }

    package var description: String {
        "letter \(number) at \(at.text): \(kind) from \(from) to \(to.joined(separator: ", ")), attachments \(attachments)\(answers.map { ", answers letter \($0)" } ?? "")"
    }

    // MARK: - Bytes

    /// A file of that length which tells its letter.
    func attachment(_ index: Int) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n% \(id) \(index)\n".utf8)
        bytes.reserveCapacity(attachments[index])
        while bytes.count < attachments[index] { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 31 &+ number)) }
        return bytes
    }

    func document(referral template: String, answering letters: [Letter], generated: Date) throws -> [UInt8] {
        switch kind {
        case .referral:
            return Array(
                template.replacing("6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a01", with: id).replacing("80000601", with: from)
                    .replacing("a3c1f0b2-8d46-4e7e-8f19-5b7d20c94e11", with: id)
                    .replacing("80000401", with: to[0]).utf8)
        case .discharge: return try discharge(generated)
        case .dialog: return try dialog(letters, generated)
        }
    }

    private func dialog(_ letters: [Letter], _ generated: Date) throws -> [UInt8] {
        let answered = answers.flatMap { number in letters.first { $0.number == number } }
        let heading = MsgHead.Heading(
            messageID: id, generated: DocumentTime(generated), sender: Self.organisation(from),
            receiver: Self.organisation(to[0]), copyReceivers: to.dropFirst().map { Self.organisation($0) },
            patient: Person(name: PersonName(family: "Blåklokke", given: "Vennlig")),
            conversation: answered.map { ConversationReference(parent: $0.id, conversation: $0.id) },
            ack: wantsReceipt ? .yes : .no)
        return try MsgHead.helsefagligDialog(heading, tema: .patient, text: "Brev \(number)").encoded()
    }

    private func discharge(_ date: Date) throws -> [UInt8] {
        let generated = DocumentTime(date)
        let report = Epikrise.ServRprt(
            issueDate: generated, ack: wantsReceipt ? AckRequest.yes.simple : AckRequest.no.simple, msgDescr: "Epikrise BUP",
            servProvID: id,
            event: [
                Epikrise.Event(
                    .reportedEvent(Epikrise.ReportedEvent(startDateTime: generated)),
                    service: Epikrise.Service(
                        medSpecialty: MedicalSpeciality.childPsychiatry.coded, admCat: AdmissionCategory.outpatient.simple),
                    comment: [Epikrise.Comment(.course, "Brev \(number)")])
            ],
            patient: Epikrise.Patient(dateOfBirth: DocumentTime("2014-03-17"), name: "Blåklokke, Vennlig"),
            servProvider: .servProvider(Self.address(from)), copyDest: to.dropFirst().map { Epikrise.CopyDest(Self.address($0)) },
            requester: .requester(Self.address(to[0])))
        return try Epikrise(genDate: generated, msgID: id, status: MessageStatus.test.simple, servRprt: report).encoded()
    }

    private static func organisation(_ party: String) -> Organisation {
        let node = Town.Name.hosting(party) ?? .gp
        let identifiers = [Identifier.herID(node.organisation), .organisationNumber(node.organisationNumber)]
        return node == .gp
            ? Organisation(
                node.rawValue, identifiers,
                professional: HealthcareProfessional(
                    Person(name: PersonName(family: party, given: "Klok"), identifiers: [.personHERID(party)])))
            : Organisation(node.rawValue, identifiers, service: Organisation(party, [.herID(party)]))
    }

    private static func address(_ party: String) -> AddressPath {
        let node = Town.Name.hosting(party) ?? .gp
        let unit = AddressPath.Unit(node.rawValue, [.herID(node.organisation), .organisationNumber(node.organisationNumber)])
        return node == .gp
            ? AddressPath(unit, person: AddressPath.Person(party, [.personHERID(party)]))
            : AddressPath(unit, service: AddressPath.Unit(party, [.herID(party)]))
    }
}
