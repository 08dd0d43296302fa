/// Gives each message that comes in to a desk that works by the registry of that moment.
struct CurrentDesk: ExchangeReceiver {
    let desk: @Sendable () -> ReceivingDesk

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        await desk().receive(exchange, body: body)
    }
}
