import Envelope
import Foundation
import Practice

extension AnswerDesk {
    /// The file with what is known better here: of the referral, of the registry, of the day.
    ///
    /// - Throws: ``AnswerError`` when the file is about something else, or would tell what it must not.
    func filled(
        _ order: AnswerOrder, _ referral: StoredReferral, age: Int, today: LetterDay, at now: Date
    ) throws -> AnswerFile {
        var file = order.file.decided(on: today)
        guard file.kind == order.kind else {
            throw AnswerError(
                .otherKind,
                "the file is of the kind \(file.kind.rawValue); this command gives an answer of the kind \(order.kind.rawValue)")
        }
        try refuseOther(file, referral)
        let name = referral.patientName
        file.child = file.child ?? name.given ?? name.family
        file.referrer = referral.referrer ?? file.referrer
        (file.referral, file.receivedOn) = (referral.referralID, LetterDay(referral.received))
        let own = try party(referral.message.receiver)
        file.unit = file.unit?.name == nil ? Self.unit(own) : file.unit
        for day in [file.assessedOn, file.forwardedOn].compactMap(\.self) where day > today {
            throw AnswerError(.day, "the answer was decided on a day that lies ahead (\(day.iso)); correct it")
        }
        try fillServices(&file, order, referral, age: age, today: today)
        if order.kind == .forwarding { try fillDoor(&file, order, referral, today: today, at: now) }
        return file
    }

    /// A file about another child or another referral would send one family's answer to another.
    private func refuseOther(_ file: AnswerFile, _ referral: StoredReferral) throws(AnswerError) {
        if let stated = file.referral, stated != referral.referralID {
            throw AnswerError(
                .otherReferral,
                "the file is about another referral than #\(referral.message.id); name the right one, or correct the file")
        }
        if let child = file.child, !referral.patientName.holds(child) {
            throw AnswerError(
                .otherReferral,
                "the file names another child than the referral #\(referral.message.id); name the right one, or correct the file")
        }
    }

    private func fillServices(
        _ file: inout AnswerFile, _ order: AnswerOrder, _ referral: StoredReferral, age: Int, today: LetterDay
    ) throws {
        guard order.kind == .rejection else { return }
        let noted = try KeptQuestion.child(of: referral.summary).flatMap { try store.situation(of: $0) }
        if referral.isProtected || noted?.hasProtectedAddress == true {
            guard order.area == nil, (file.bydel ?? "").isEmpty, (file.services ?? []).isEmpty else {
                throw AnswerError(
                    .protectedPlace,
                    "the child's address is protected; leave bydel and services out of the answer, and tell the family by telephone"
                )
            }
            return
        }
        guard (file.services ?? []).isEmpty, let area = order.area ?? file.bydel ?? referral.area else { return }
        let nearby = try NearbyServices(settings, in: store)
        guard !nearby.isEmpty else {
            if order.area == nil { return }
            throw AnswerError(
                .services,
                "this node has no directory of services; import one with the registry, set letters.services, or write them in the answer"
            )
        }
        do throws(AnswerError) {
            let found = try nearby.services(in: area, need: order.need, age: age, on: today)
            (file.bydel, file.services) = (found.bydel, found.services)
        } catch {
            // A place that nobody asked for here, and that the directory does not know, is left as it is.
            if order.area != nil || error.code != .area { throw error }
        }
    }

    private func fillDoor(
        _ file: inout AnswerFile, _ order: AnswerOrder, _ referral: StoredReferral, today: LetterDay, at now: Date
    ) throws {
        guard let door = order.door else { throw AnswerError(.door, "say where the referral belongs: --to HER-id") }
        guard door.value != referral.message.receiver, door.value != referral.message.sender else {
            throw AnswerError(
                .door, "the referral came from \(referral.message.sender) to \(referral.message.receiver); name another door")
        }
        let party = try registry.activeParty(door, at: now)
        file.receiver = file.receiver?.name == nil ? Self.unit(party) : file.receiver
        if file.receiverPhone == nil { file.receiverPhone = try NearbyServices(settings, in: store).phone(of: door) }
    }

    func party(_ id: String) throws -> RegisteredParty {
        guard let known = HERID(id) else { throw StoreError(.damaged, reason: "a stored message names a party without a HER-id") }
        return try registry.party(known)
    }

    /// With what the abbreviation in such names stands for.
    private static func unit(_ party: RegisteredParty) -> AnswerFile.Unit {
        let explanations = ["PB": "barne- og ungdomspsykiatrisk poliklinikk", "KX16": "pedagogisk-psykologisk tjeneste"]
        return AnswerFile.Unit(party.name, explanation: party.serviceType.flatMap { explanations[$0.code] })
    }

    // MARK: - To the right door

    /// The referral as it goes on: with its own id, the time of its first receipt, and everything that was attached to it.
    func handover(
        _ file: AnswerFile, _ order: AnswerOrder, _ referral: StoredReferral, at now: Date
    ) throws -> Submission {
        guard let document = referral.henvisning, let door = order.door, let own = HERID(referral.message.receiver) else {
            throw AnswerError(
                .door,
                "only a Henvisning 1.1 can be handed over; ask the referrer to send it to the right door (deviation message 8117 = 1)"
            )
        }
        let before = document.handover
        let handover = Henvisning.Handover(
            by: "\(try registry.party(own).name) (HER-id \(own))", reason: file.reason ?? "",
            firstReceived: DocumentTime(referral.received), original: before?.original ?? referral.summary.messageID,
            referrer: before?.referrer ?? referral.message.sender)
        let encoded: [UInt8]
        do {
            encoded = try document.handedOver(
                handover, messageID: intake.ids.next(), generated: DocumentTime(now), from: try registry.address(of: own),
                to: try registry.address(of: door)
            ).encoded()
        } catch let error as EnvelopeError {
            throw AnswerError(
                .door,
                "the referral is not written as the standard has it and cannot go on as it is (\(error.place ?? "document")): ask the referrer to send it to the right door"
            )
        }
        var submission = Submission(document: encoded)
        submission.documentName = "the referral"
        submission.sharing = KnownSharing(message: .handover)
        submission.attachments = try referral.parts.dropFirst().map { part in
            let title = try part.title.map { try store.vault.text(of: $0, with: part.payload) }
            return SubmittedAttachment(
                HeldContent(source: .stored(part.payload), mediaType: part.mediaType), title: title ?? "Vedlegg \(part.position)")
        }
        return submission
    }
}

extension Registry {
    /// The party as a document addresses it: names and numbers as the registry has them now.
    func address(of id: HERID) throws(RegistryError) -> AddressPath {
        let party = try party(id)
        guard let parent = party.parent else {
            return AddressPath(AddressPath.Unit(party.name, [.herID(id.value), .organisationNumber(party.organisationNumber)]))
        }
        let above = try self.party(parent)
        let unit = AddressPath.Unit(above.name, [.herID(parent.value), .organisationNumber(above.organisationNumber)])
        guard party.kind == .person else {
            return AddressPath(unit, service: AddressPath.Unit(party.name, [.herID(id.value)]))
        }
        let numbers = [Identifier.personHERID(id.value)] + (party.hprNumber.map { [Identifier.hpr($0)] } ?? [])
        return AddressPath(unit, person: AddressPath.Person(party.name, numbers))
    }
}
