import Envelope
import Foundation
import GRDB
import Gateway
import Native

/// A message as another node would send it, whole.
struct HandOverLetter: Sendable {
    let step: HandOverPlan.Step
    let contentType: String
    let body: [UInt8]

    func handOver(to desk: ReceivingDesk) async -> ExchangeReply {
        await desk.receive(
            InboundExchange(contentType: contentType, contentLength: body.count, remoteAddress: "127.0.0.1"),
            body: InboundBody(chunks: [body]))
    }
}

/// Writes letters of the GP to BUP, and keeps those that may be handed over again.
struct LetterMaker {
    private let signing: SigningIdentity
    private let recipient: ValidatedCertificate
    private let text: ReferralText
    private var kept: [Int: HandOverLetter] = [:]

    init(pki: String) throws {
        func file(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(pki)/\(path)"))) }
        signing = try SigningIdentity(
            key: Envelope.PrivateKey(pem: file("314000005/p256/signing.key")),
            certificate: Certificate(pem: file("314000005/p256/signing.crt")))
        let trust = try TrustStore(
            roots: [Certificate(pem: file("ca/root.crt"))], intermediates: [Certificate(pem: file("ca/issuing.crt"))],
            revocationLists: [])
        recipient = try trust.validate(
            Certificate(pem: file("314000013/p256/encryption.crt")), for: .encryption, at: Date(), revocation: .notChecked)
        text = try ReferralText()
    }

    mutating func letters(for steps: [HandOverPlan.Step]) throws -> [HandOverLetter] {
        let letters = try steps.map { step -> HandOverLetter in
            switch step {
            case .original(let number), .again(let number):
                if let letter = kept[number] {
                    return HandOverLetter(step: step, contentType: letter.contentType, body: letter.body)
                }
                let letter = try write(step, from: "80000601", document: "document-\(number)")
                kept[number] = letter
                return letter
            case .stranger(let number): return try write(step, from: "80000602", document: "document-\(number)")
            case .conflict(let number): return try write(step, from: "80000601", document: "other-\(number)")
            }
        }
        if kept.count > 3 * HandOverPlan.reach, let newest = kept.keys.max() {
            kept = kept.filter { $0.key > newest - 2 * HandOverPlan.reach }
        }
        return letters
    }

    private func write(_ step: HandOverPlan.Step, from sender: String, document id: String) throws -> HandOverLetter {
        var document = text.document(id)
        if sender != "80000601" {
            document = Array(String(decoding: document, as: UTF8.self).replacing("80000601", with: sender).utf8)
        }
        let cms = try PayloadEncryptor.seal(document, for: recipient, protection: .strong)
        let contentID = try ContentID("document@bench")
        let messageID = "message-\(step.number)"
        let header = MessageHeader(
            from: Party(her: sender, role: nil), to: Party(her: "80000401", role: nil), cpaID: "msggw-test-80000400-80000600",
            conversationID: messageID, service: Service("Henvisning"), action: "Henvisning",
            messageData: MessageData(messageID: messageID, timestamp: EbXMLTimestamp(Date())))
        let soap = try EnvelopeSealer.seal(
            header, syncReply: SyncReply(), parts: [SealedPart(contentID: contentID, sha256: Digest.of(cms, .sha256))],
            with: signing
        ).soap
        let layout = try MessageLayout(
            boundary: "bench-\(UUID().uuidString)", soap: soap, rootID: ContentID("soap@bench"), rootEncoding: .binary,
            parts: [
                MessageLayout.Part(
                    contentID: contentID, contentType: "application/pkcs7-mime; smime-type=authEnveloped-data",
                    encoding: .binary, length: cms.count)
            ])
        return HandOverLetter(step: step, contentType: layout.contentType, body: try layout.encoded(parts: [cms]))
    }
}

/// What lies in the receiver's store, by its tables alone.
struct Stored {
    private let messages: Int
    private let twice: Int

    init(folder: String) throws {
        let database = try DatabaseQueue(path: folder + "/store/gateway.sqlite")
        (messages, twice) = try database.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM message WHERE direction = 'in'") ?? -1,
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM (SELECT 1 FROM message WHERE direction = 'in' GROUP BY messageID, sender HAVING count(*) > 1)
                        """) ?? -1
            )
        }
    }

    func faults(_ plan: HandOverPlan) -> [String] {
        var faults: [String] = []
        let expected = plan.originals + plan.strangers
        if messages != expected { faults.append("the store has \(messages) messages, \(expected) were sent") }
        if twice != 0 { faults.append("\(twice) messages are stored more than once") }
        return faults
    }
}
