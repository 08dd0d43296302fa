/// The referral's status, code list 9148.
public enum ReferralStatus: Int, Sendable, Hashable, CaseIterable, Codable {
    case calledIn = 1
    case rightToCare = 2
    case forwarded = 3
    case rejected = 4

    public static let codeList = "2.16.578.1.12.4.1.1.9148"
    public var code: String { String(rawValue) }
    public var display: String {
        switch self {
        case .calledIn: "Innkalles til helsehjelp"
        case .rightToCare: "Rett til helsehjelp, tidspunkt kommer"
        case .forwarded: "Henvisningen er videresendt"
        case .rejected: "Henvisningen er avvist"
        }
    }
}

/// A status on a referral as values: what `DIALOG_STATUS_HENVISNING` is filled from. Plain text, in bokmål, to a clinician.
public struct StatusText: Sendable, Hashable {
    public let status: ReferralStatus
    public let text: String
    /// Written with the role 21, "Helsefaglig kontakt".
    public let contact: LetterPerson
    /// `tel:+4722123456`
    public let contactAddress: String
    /// What the attached letter is called.
    public let attachment: String

    init(_ status: ReferralStatus, _ contact: LetterPerson, _ sections: [(String, String)]) {
        (self.status, self.contact) = (status, contact)
        let filled = sections.filter { !$0.1.isEmpty }
        text = filled.map { $0.1.hasPrefix("\n") ? "\($0.0):\($0.1)" : "\($0.0): \($0.1)" }.joined(separator: "\n\n")
        contactAddress = "tel:\(contact.phone?.dialled ?? "")"
        attachment = "Brev til pasient og foresatte"
    }

    var json: RecordJSON {
        .object(["code": .text(status.code), "list": .text(ReferralStatus.codeList), "text": .text(text)])
    }
}

extension LetterPerson {
    var reached: String {
        [introduced, phone.map { "direkte telefon \($0.written)" }, hours].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: ", ")
    }

    var json: RecordJSON {
        .object([
            "name": .text(name), "role": .text(role), "phone": .maybe(phone?.dialled), "hours": .maybe(hours), "hpr": .maybe(hpr),
        ])
    }
}

private func lines(_ items: [String]) -> String { items.isEmpty ? "" : "\n" + items.map { "- \($0)" }.joined(separator: "\n") }

extension Rejection {
    public var status: StatusText {
        let again =
            complaint.rule.hasNewAssessment ? "Kan sendes én gang for samme tilstand, gjennom deg (pbrl. § 2-3)." : ""
        let services = services.map { service in
            [service.name, service.what, service.phone?.written].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
        }
        return StatusText(
            .rejected, contact,
            [
                ("Svar", ground.toReferrer), ("Begrunnelse", reason),
                ("Vurdert", "henvisningen mottatt \(receivedOn.written(in: .bokmal))" + lines(considered)),
                ("Vurdert av", "\(assessors.map(\.introduced).joined(separator: "; ")), \(assessedOn.written(in: .bokmal))"),
                ("Råd til deg som henviser", adviceToReferrer), ("Familien kan gjøre nå", lines(familySteps)),
                (bydel.isEmpty ? "Tjenester der familien bor" : "Tjenester i \(bydel)", lines(services)),
                ("Ansvar videre", nextHolder.toReferrer),
                ("Ny vurdering", again), ("Klage", complaint.toReferrer), ("Kontakt hos oss", contact.reached),
            ])
    }

    public var kept: RecordJSON {
        .object([
            "kind": .text("avslag"), "case": base.json, "ground": .text(ground.rawValue), "reason": .text(reason),
            "considered": .texts(considered), "assessors": .list(assessors.map(\.json)), "assessedOn": .text(assessedOn.iso),
            "adviceToReferrer": .text(adviceToReferrer), "familySteps": .texts(familySteps), "bydel": .text(bydel),
            "services": .list(
                services.map {
                    .object([
                        "name": .text($0.name), "what": .text($0.what), "phone": .maybe($0.phone?.dialled),
                        "address": .maybe($0.address),
                    ])
                }),
            "nextHolder": .object([
                "name": .text(nextHolder.name), "does": .text(nextHolder.does), "phone": .maybe(nextHolder.phone?.dialled),
            ]), "complaint": complaint.json,
        ])
    }
}

extension NextHolder {
    var toReferrer: String {
        let reached = phone.map { " Telefon \($0.written)." } ?? ""
        return "\(name). \(does.hasSuffix(".") ? does : does + ".")\(reached)"
    }
}

extension RejectionGround {
    /// The conclusion, as the referrer reads it.
    var toReferrer: String {
        let answer = "Henvisningen er avvist. Pasienten har ikke rett til hjelp i spesialisthelsetjenesten nå."
        return switch self {
        case .helpWhereYouLive: "\(answer) Behovet dekkes best av tjenester i kommunen."
        case .notSevereEnough: "\(answer) Tilstanden er ikke alvorlig nok til at vilkårene er oppfylt."
        case .littleBenefit: "\(answer) Forventet nytte av behandling er for liten nå."
        case .helpedAlready: "\(answer) Pasienten får allerede egnet hjelp."
        case .notWished: "\(answer) Pasienten ønsker ikke hjelp her nå."
        case .wrongAddressee, .tooLittleInformation: ""
        }
    }
}

extension ComplaintRight {
    var toReferrer: String {
        let weeks = weeks(in: .bokmal)
        return "Familien kan klage innen \(weeks) uker, senest \(lastDay.written(in: .bokmal)). Klagen sendes først til oss "
            + "(\(sendTo.joined(separator: ", "))). \(appealBody) avgjør den. Dette står i brevet til familien."
    }

    var json: RecordJSON {
        .object([
            "rule": .text(rule.rawValue), "weeks": .number(rule.weeks), "madeKnown": .text(madeKnown.iso),
            "lastDay": .text(lastDay.iso), "countedUntil": .text(countedUntil.iso), "appealBody": .text(appealBody),
            "sendTo": .texts(sendTo), "ombud": .maybe(ombud?.dialled),
        ])
    }
}

extension LetterCase {
    var json: RecordJSON {
        .object([
            "unit": .text(unit.name), "child": .text(child), "referrer": .text(referrer), "referral": .text(referral),
            "receivedOn": .maybe(receivedOn?.iso), "contact": contact?.json ?? .nothing,
        ])
    }
}

extension Acceptance {
    public var status: StatusText {
        let when: String =
            switch first {
            case .appointment(let day, let clock, let place): "\(day.written(in: .bokmal)) klokka \(clock), \(place.cleanedLine)"
            case .noLaterThan(let day): "senest \(day.written(in: .bokmal)); time kommer"
            }
        let weeks = course.written(in: .bokmal)
        return StatusText(
            first.status, contact,
            [
                ("Svar", "\(first.status.display). Pasienten får hjelp hos \(base.unit.name)."), ("Første time", when),
                ("Frist for start", deadline?.written(in: .bokmal) ?? ""), ("Ansvarlig behandler", responsible.reached),
                ("Forventet forløp", "\(weeks), \(course.rhythm). \(course.what)"), ("Kontakt hos oss", contact.reached),
            ])
    }

    public var kept: RecordJSON {
        let start: [String: RecordJSON] =
            switch first {
            case .appointment(let day, let clock, let place):
                ["day": .text(day.iso), "clock": .text(clock), "place": .text(place.cleanedLine)]
            case .noLaterThan(let day): ["latest": .text(day.iso)]
            }
        return .object([
            "kind": .text("inntak"), "case": base.json, "responsible": responsible.json, "first": .object(start),
            "course": .object([
                "weeksFrom": .number(course.weeks.lowerBound), "weeksTo": .number(course.weeks.upperBound),
                "rhythm": .text(course.rhythm), "what": .text(course.what),
            ]), "deadline": .maybe(deadline?.iso), "assessedOn": .text(assessedOn.iso), "complaint": complaint?.json ?? .nothing,
        ])
    }
}

extension Forwarding {
    public var status: StatusText {
        StatusText(
            .forwarded, contact,
            [
                ("Svar", "Henvisningen er sendt videre til \(receiver.name) \(forwardedOn.written(in: .bokmal))."),
                ("Hvorfor", reason),
                ("Frist", "Fristen løper fra \(receivedOn.written(in: .bokmal)), da vi mottok henvisningen."),
                ("Kontakt der", "\(receiver.name), \(receiverPhone.written)"), ("Kontakt hos oss", contact.reached),
            ])
    }

    public var kept: RecordJSON {
        .object([
            "kind": .text("videresendt"), "case": base.json, "receiver": .text(receiver.name),
            "receiverPhone": .text(receiverPhone.dialled), "forwardedOn": .text(forwardedOn.iso), "reason": .text(reason),
        ])
    }
}
