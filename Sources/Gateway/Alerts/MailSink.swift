import Foundation
import Native

/// E-mail, one mail for each address and round.
struct MailSink: AlertSink {
    let client: SMTPClient
    let from: MailAddress
    let node: String
    let names: AlertNames
    let ids: IDSource
    let clock: NodeClock
    let pool: WorkPool

    func cancel() { client.cancel() }

    /// An address that is refused costs the others nothing.
    ///
    /// - Throws: the first refusal, when nobody could be told; at once when it is the server that does not work.
    /// - Returns: which of the addresses were refused, by their number.
    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String] {
        let content = MailText(alerts, more: more, node: node, isForClinicians: route.isForClinicians, names: names)
        let isImportant = alerts.contains { $0.resolvedAt == nil && $0.severity == .critical }
        var refused: [(number: Int, error: SMTPError)] = []
        for (number, address) in zip(1..., route.addresses) {
            let mail = MailMessage(
                from: from, to: address, subject: content.subject, text: content.text, date: clock.now(), id: ids.next(),
                isImportant: isImportant)
            do {
                try await pool.run { [client, from] in try client.send(mail.bytes, from: from.text, to: address.text) }
            } catch let error as SMTPError where error.code == .refused || error.code == .busy {
                refused.append((number, error))
            }
        }
        if let first = refused.first, refused.count == route.addresses.count { throw first.error }
        return refused.map { "address \($0.number)" }
    }
}
