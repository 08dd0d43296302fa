import Foundation
import GRDB
import Practice

/// A receiver found by what is needed, and why it is that one.
public struct NeedAddress: Sendable, Hashable {
    public let need: String
    public let receiver: HERID
    /// What was found and every reason, in bokmål, for whoever sends.
    public let text: [String]
    private let day: DoorDay

    /// - Parameter day: today in Oslo: nothing is sent to whom it will be right for tomorrow.
    /// - Throws: ``SubmissionError`` `.receiverUnclear` in the words of the resolution, unless exactly one door fits.
    public init(_ need: String, for place: Place, on day: DoorDay, in registry: DoorRegistry) throws(SubmissionError) {
        let resolution = Resolver(registry).resolve(Need(need), for: place, on: day)
        text = resolution.bokmaal(in: registry)
        guard let door = resolution.door else {
            var words = text.first ?? ""
            if case .none(.unknownNeed) = resolution.outcome {
                words += " Kjente behov: \(registry.needs.map(\.need.id).joined(separator: ", "))."
            }
            throw SubmissionError(.receiverUnclear, "no receiver is named for the need '\(need.prefix(40))': \(words)")
        }
        (self.need, self.day, receiver) = (need, day, HERID(door))
    }

    /// Writes into the trail of each message to the receiver why it goes there.
    func record(_ taken: [Transition], by actor: AuditActor, at now: Date, in database: Database) throws {
        var seen: Set<Int64> = []
        for message in taken.map(\.message) where message.receiver == receiver.value && seen.insert(message.id).inserted {
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "addressed", message: message.id, messageID: message.messageID,
                    detail: "by need '\(need)' on \(day): \(text.joined(separator: " "))"), in: database)
        }
    }
}
