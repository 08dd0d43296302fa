import Envelope
import Foundation
import Practice

extension Node {
    /// A submission for whoever meets a need. A Hodemelding that names no receiver gets the one that was found, in the names that
    /// the registry has; a document that names one keeps it, and is refused when it is another.
    ///
    /// - Throws: ``SubmissionError``.
    public func addressed(_ submission: Submission, to need: NeedAddress) throws(SubmissionError) -> Submission {
        var submission = submission
        submission.needs.append(need)
        // What cannot be read is told of as it always is, when it is handed in.
        let receiver = try registry.organisation(need.receiver)
        do {
            if let document = try ClinicalDocument.addressed(to: receiver, submission.document) { submission.document = document }
        } catch  where error.code == .signatureProfile {
            throw SubmissionError(
                .receiverUnclear,
                "\(submission.documentName) names no receiver and is signed: \(error.reason); let its own system name the receiver"
            )
        } catch {}
        return submission
    }

    /// What this node hands in for a report, in the names that its registry has. Needs in its sheet are resolved as of today.
    ///
    /// - Throws: ``SubmissionError``.
    public func submission(of report: ReportFolder) throws(SubmissionError) -> Submission {
        let now = clock.now()
        var addresses: [NeedAddress?] = report.sheet.receivers.map { _ in nil }
        if report.sheet.receivers.contains(where: \.isByNeed) {
            let doors: DoorRegistry
            do {
                doors = DoorRegistry(
                    try RegistryDesk(store: store, settings: settings.registry, actor: .node, clock: clock).book())
            } catch { throw SubmissionError(.store, "the registry cannot be read: \(error)") }
            for (index, receiver) in report.sheet.receivers.enumerated() {
                guard case .need(let need, let place) = receiver else { continue }
                addresses[index] = try NeedAddress(need, for: place, on: DoorDay(inOsloAt: now), in: doors)
            }
        }
        return try report.submission(
            registry: registry, environment: settings.node.environment, needs: addresses, at: now)
    }
}

extension Registry {
    /// A party as documents name it: the organisation, and the service or the person in it.
    func organisation(_ id: HERID) throws(SubmissionError) -> Organisation {
        do {
            let party = try party(id)
            guard let parent = try party.parent.map({ parent throws(RegistryError) in try self.party(parent) }) else {
                return Organisation(party.name, [.herID(id.value), .organisationNumber(party.organisationNumber)])
            }
            let identifiers = [Identifier.herID(parent.herID.value), .organisationNumber(parent.organisationNumber)]
            guard party.kind == .person else {
                return Organisation(parent.name, identifiers, service: Organisation(party.name, [.herID(id.value)]))
            }
            return Organisation(
                parent.name, identifiers,
                professional: HealthcareProfessional(
                    Person(name: PersonName(family: party.name), identifiers: [.personHERID(id.value)])))
        } catch { throw SubmissionError(.receiverUnknown, "nobody knows the party: \(error)") }
    }
}
