import Envelope
import Foundation

/// An alert as people read it: one line that says what, facts, and what to do.
public struct AlertText: Sendable, Hashable {
    public let title: String
    /// Name and value, in order.
    public let facts: [(name: String, value: String)]
    public let action: String

    public static func == (left: Self, right: Self) -> Bool {
        left.title == right.title && left.action == right.action && left.facts.elementsEqual(right.facts, by: ==)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(title) }
}

/// Who may be named: organisations and services. A person's HER-id is that of the organisation.
struct AlertNames: Sendable {
    let organisation: @Sendable (_ herID: String) -> String

    init(_ organisation: @escaping @Sendable (String) -> String) { self.organisation = organisation }

    /// For whoever sees the store anyway.
    static let asStored = AlertNames { $0 }

    init(_ registry: @escaping @Sendable () -> Registry) {
        self.init { herID in
            guard let id = HERID(herID), let party = try? registry().party(id) else { return "?" }
            return party.kind == .person ? party.parent?.value ?? "?" : herID
        }
    }
}

extension Alert {
    /// For those who run the node.
    func english(_ names: AlertNames) -> AlertText {
        let (title, action) = resolvedAt == nil ? (headline, remedy) : ("Over: \(headline)", "Nothing more needs to be done.")
        var facts: [(String, String)] = []
        if let id = subject.messageID { facts.append(("message", id)) }
        if let number = subject.message { facts.append(("number", "#\(number)")) }
        if let kind = subject.documentKind { facts.append(("kind", kind)) }
        if let sender = subject.sender { facts.append(("from", names.organisation(sender))) }
        if let receiver = subject.receiver { facts.append(("to", names.organisation(receiver))) }
        if let codes = subject.codes, !codes.isEmpty { facts.append(("codes", codes.joined(separator: ", "))) }
        if let until = subject.until { facts.append((kind.event == nil ? "until" : "deadline", OsloTime.text(until))) }
        facts.append(("since", OsloTime.text(firstAt)))
        if let resolvedAt { facts.append(("ended", OsloTime.text(resolvedAt))) }
        facts.append(("alert", "\(id)"))
        return AlertText(title: title, facts: facts, action: action)
    }

    private var thing: String { subject.thing ?? subject.key }
    private var document: String { subject.documentKind ?? "message" }
    private var figure: String { subject.figure.map(String.init) ?? "?" }
    private var isPast: Bool { stage > 0 }
    var isDischarge: Bool { subject.documentKind == MessageType.epikrise.rawValue }

    private var headline: String {
        switch kind {
        case .deliveryLate: isPast ? "\(document) was not delivered in time" : "\(document) is not delivered yet"
        case .acceptanceLate where subject.direction == .in:
            isPast ? "\(document) was not fetched in time" : "\(document) waits to be fetched"
        case .acceptanceLate: isPast ? "No AppRec in time for \(document)" : "No AppRec yet for \(document)"
        case .answerLate where isDischarge: "Nobody has said yet that they take over after \(document)"
        case .answerLate: isPast ? "\(document) was not answered in time" : "\(document) is not answered yet"
        case .messageFailed: "\(document) failed: nobody tries again"
        case .messageHeld: "\(document) is held: a person must decide"
        case .messageObstructed: "\(document) cannot be delivered until someone mends the cause"
        case .documentRejected: "\(document) was rejected by the receiver's system"
        case .receiptUnclear: "The AppRec for \(document) does not say yes or no"
        case .referralStray: "\(document) belongs to a referral that has not come, or is another sender's"
        case .answerCrossed: "A referral was taken back and answered at the same time: \(document)"
        case .followUpRefused: "The receiver says that it does not take over after \(document)"
        case .destinationUnreachable: "\(thing) has been unreachable for \(figure) minutes"
        case .certificateExpiring: runsOut("The certificate \(thing)")
        case .partnerCertificateExpiring: runsOut("A partner's certificate, \(thing),")
        case .revocationListExpiring: runsOut("The revocation list \(thing)")
        case .diskNearlyFull: "\(figure) % of the store's disk is free"
        case .storeFailing: "The store takes no commit"
        case .sinkFailing: "Alerts cannot be sent by \(thing)"
        case .registryHeld: "Changes of the registry wait for somebody's word: \(figure)"
        case .doorUndecided: "Door \(thing) has ended and nobody has chosen who follows: \(figure) under way"
        case .doorStranded: "Door \(thing) has ended and no door follows: \(figure) under way"
        case .notOpened: "\(document) has not been opened by anybody in line"
        case .registryRefused: "The node cannot work by \(thing) of the registry"
        case .loopStopped: "The loop \(thing) has stopped"
        case .test: "This is a test"
        }
    }

    private func runsOut(_ what: String) -> String {
        figure.hasPrefix("-") || figure == "0" ? "\(what) has run out or does so today" : "\(what) runs out in \(figure) days"
    }

    private var remedy: String {
        switch kind {
        case .deliveryLate:
            "See what stops it with 'msggw status #\(subject.message ?? 0)': as long as it is under way msggw keeps trying, and what is held waits for you. If the partner's node is down, telephone the partner. Tell the sender when the matter cannot wait."
        case .acceptanceLate where subject.direction == .in:
            "The receiving system has not fetched it. See 'msggw status #\(subject.message ?? 0)', and the folder or inbox that filing.mode names."
        case .acceptanceLate:
            "The receiver's system has not confirmed it. When 'msggw status #\(subject.message ?? 0)' says delivered, the receiver's node has it: telephone the receiver's IT, and do not send it again before they have looked. When it does not, see there what stops it."
        case .referralStray:
            "See 'msggw referral show #\(subject.message ?? 0)'. It has changed nothing. Telephone the sender, and ask for the referral or who it belongs to; when that is settled: msggw alerts resolve \(id)."
        case .answerCrossed:
            "See 'msggw referral show #\(subject.message ?? 0)'. Referrer and receiver must speak together about what holds, and tell the family; then: msggw alerts resolve \(id)."
        case .followUpRefused:
            "See 'msggw status #\(subject.message ?? 0)'. Find out who takes over, and send it there; then: msggw alerts resolve \(id)."
        case .answerLate:
            "Tell the party whose turn it is. If it was answered by letter or telephone: msggw alerts resolve \(id)."
        case .messageFailed:
            "See why with 'msggw queue show #\(subject.message ?? 0)' and mend the cause; then 'msggw queue retry #\(subject.message ?? 0)', or let the sender hand the document in again."
        case .messageHeld:
            "See why with 'msggw queue show #\(subject.message ?? 0)'; then release, redirect or cancel it with 'msggw queue'."
        case .messageObstructed:
            "msggw keeps trying. See why with 'msggw queue show #\(subject.message ?? 0)': a certificate, an agreement, an address or a key, here or at the partner. When it is mended: 'msggw queue retry #\(subject.message ?? 0)'."
        case .documentRejected:
            "The sender must correct the document, or telephone the receiver. No named person is set for this party: set alerts.contacts."
        case .receiptUnclear:
            "Telephone the receiver and ask whether they have it. No named person is set for this party: set alerts.contacts."
        case .destinationUnreachable:
            "Its messages wait and are tried again. Telephone the partner; check the network, the address in the registry and the TLS certificate."
        case .certificateExpiring:
            "Order a new one now, put it beside the old one, publish it in the registry, then restart the node."
        case .partnerCertificateExpiring:
            "Ask the partner for its new one, put it beside the old one in the registry, then import the registry: a running node takes it. When it has ended, messages to the partner wait, and its own are refused."
        case .revocationListExpiring:
            "Fetch a new list into trust.revocationLists, then restart the node. Without one, no certificate of that issuer can be used."
        case .diskNearlyFull: "Free space, or enlarge the disk: when it is full the node takes no messages."
        case .storeFailing:
            "Check disk, permissions and the log. The node takes and acknowledges nothing until a commit succeeds."
        case .sinkFailing: "Check the settings below alerts: and the server. See what waits with 'msggw alerts list'."
        case .registryHeld:
            "See them with 'msggw registry held'. Ask the other side by another way than the one that the change came by; then 'msggw registry approve' or 'msggw registry reject'. Until then what was believed before counts."
        case .doorUndecided:
            "See who may follow with 'msggw registry dry-run'. Then give each message to its door: msggw registry move MESSAGE --to HER-id. Nothing is lost meanwhile, and its deadlines run."
        case .doorStranded:
            "Ask the organisation who answers now, and see to it that the registry says so; or give each message to a door yourself: msggw registry move MESSAGE --to HER-id."
        case .notOpened:
            "Telephone the receiver: see 'msggw status #\(subject.message ?? 0)' for who has had it, and when."
        case .registryRefused:
            "It goes on by the version before. The log says why; 'msggw doctor' too. Import what is right, or mend the keys: it is tried again within five minutes."
        case .loopStopped: "Restart the node; no message is lost. Keep the log for those who maintain msggw."
        case .test: "Nothing: someone ran 'msggw alerts test'."
        }
    }
}

extension OsloTime {
    /// `2026-05-17 14:05`, as the wall clock in Oslo shows it.
    public static func text(_ time: Date) -> String {
        let seconds = Int(time.timeIntervalSince1970.rounded(.down)) + offset(at: time)
        let minute = ((seconds % 86_400) + 86_400) % 86_400 / 60
        return "\(day(of: time)) \(pad(minute / 60)):\(pad(minute % 60))"
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
