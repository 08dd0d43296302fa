import Gateway
import Synchronization

/// Reads everything and answers with the number of bytes.
final class Counting: ExchangeReceiver {
    private let state = Mutex<(exchanges: Int, failures: [InboundBodyError])>((0, []))

    var exchanges: Int { state.withLock { $0.exchanges } }
    var failures: [InboundBodyError] { state.withLock { $0.failures } }

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        state.withLock { $0.exchanges += 1 }
        var count = 0
        do {
            for try await chunk in body { count += chunk.count }
        } catch {
            state.withLock { $0.failures.append(error) }
        }
        return ExchangeReply(status: 200, contentType: "text/plain", soapAction: "\"ebXML\"", body: Array("\(count)".utf8))
    }
}

/// Says when an exchange has come and keeps it until it is let go. Reads nothing before.
final class Holding: ExchangeReceiver {
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    private let permits = AsyncStream.makeStream(of: Void.self)
    private let counting = Counting()

    var failures: [InboundBodyError] { counting.failures }

    func arrival() async { for await _ in arrivals.stream { return } }
    func letGo() { permits.continuation.yield() }

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        arrivals.continuation.yield()
        for await _ in permits.stream { break }
        return await counting.receive(exchange, body: body)
    }
}

/// Answers what it is told to, without reading.
struct Answering: ExchangeReceiver {
    let reply: ExchangeReply

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply { reply }
}
