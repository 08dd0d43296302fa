import Foundation
import Gateway
import Native

/// What carries requests and answers between machines, and what it does to them.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Network: @unchecked Sendable {
    /// From one machine to another, one way.
    struct Link: Hashable {
        let from: Town.Name
        let to: Town.Name
    }

    let world: World
    let witness: Witness
    var machines: [Town.Name: Machine] = [:]
    /// What a link does to what passes. Nobody listed: the plan's weather.
    var storms: [Link: Weather] = [:]
    var weather = Weather()
    /// Links on which nothing passes.
    var cut: [Link: Int] = [:]
    private var random: Randomness
    private var calls: [Int: Call] = [:]
    private var number = 0
    /// The last answer on each link, for answers that reach the wrong request.
    private var lastAnswer: [Link: HTTPAnswer] = [:]
    /// What has passed, for whoever repeats it later.
    private var passed: [(link: Link, parcel: Parcel)] = []

    init(_ world: World, seed: UInt64, witness: Witness) {
        (self.world, self.witness) = (world, witness)
        random = Randomness(seed: seed, stream: "network")
    }

    /// One call while its sender waits for the answer.
    private final class Call {
        let number: Int
        let link: Link
        let life: Life
        let answer: CheckedContinuation<HTTPAnswer, any Error>

        init(number: Int, link: Link, life: Life, answer: CheckedContinuation<HTTPAnswer, any Error>) {
            (self.number, self.link, self.life, self.answer) = (number, link, life, answer)
        }
    }

    // MARK: - There

    func send(
        _ parcel: Parcel, to url: String, timeouts: HTTPTimeouts, from machine: Machine, _ life: Life,
        answer: CheckedContinuation<HTTPAnswer, any Error>
    ) {
        guard let receiver = machines.values.first(where: { url.contains(":\($0.name.port)/") }) else {
            return answer.resume(throwing: HTTPClientError(.unreachable, reason: "nobody has the address \(url)"))
        }
        number += 1
        let call = Call(number: number, link: Link(from: machine.name, to: receiver.name), life: life, answer: answer)
        calls[number] = call
        witness.sent(parcel, from: machine.name, to: receiver.name)
        witness.acknowledges(parcel.facts, by: machine)
        note(call, "sends \(parcel.facts.messageID)\(parcel.facts.isSignal ? ", a signal" : "")")
        world.after(timeouts.total) { [self] in fail(call, .timedOut, after: .zero) }
        let weather = storms[call.link] ?? weather
        if cut[call.link] != nil { return fail(call, .unreachable, after: timeouts.connect) }
        if random.chance(weather.loss) { return fail(call, .timedOut, after: timeouts.stalled) }
        remember(parcel, call.link)
        let delay = weather.delay(&random)
        if delay > timeouts.stalled { fail(call, .timedOut, after: timeouts.stalled) }
        if random.chance(weather.cut) {
            let some = random.below(max(1, parcel.bytes.count))
            world.after(delay) { [self] in deliver(parcel, to: receiver, cutAt: some) { _ in } }
            return fail(call, .interrupted, after: delay)
        }
        if random.chance(weather.twice) {
            let later = random.spread(.milliseconds(10), .hours(2))
            world.after(later) { [self] in repeatParcel(parcel, call.link) }
        }
        world.after(delay) { [self] in arrive(parcel, at: receiver, call, timeouts, weather) }
    }

    private func arrive(_ parcel: Parcel, at receiver: Machine, _ call: Call, _ timeouts: HTTPTimeouts, _ weather: Weather) {
        if let busy = receiver.busy, busy.until > world.now {
            let answer = HTTPAnswer(status: 503, retryAfter: busy.retryAfter)
            return world.after(.milliseconds(5)) { [self] in complete(call, answer) }
        }
        guard receiver.process?.isStopping == false else { return fail(call, .unreachable, after: .milliseconds(2)) }
        deliver(parcel, to: receiver, cutAt: nil) { [self] reply in
            guard let reply else { return fail(call, .interrupted, after: .milliseconds(2)) }
            goBack(reply, call, timeouts, weather)
        }
    }

    /// Gives the bytes to the node's desk, in pieces. `done` gets nil when the process dies over it.
    private func deliver(
        _ parcel: Parcel, to receiver: Machine, cutAt: Int?, done: @escaping (ExchangeReply?) -> Void
    ) {
        guard let process = receiver.process, !process.isStopping else { return done(nil) }
        let end = cutAt ?? parcel.bytes.count
        var pieces: [[UInt8]] = []
        var start = 0
        while start < end {
            let length = min(end - start, 1 + random.below(32 << 10))
            pieces.append(Array(parcel.bytes[start..<start + length]))
            start += length
        }
        let exchange = InboundExchange(
            contentType: parcel.contentType, headers: parcel.headers, contentLength: parcel.bytes.count,
            remoteAddress: "192.0.2.1")
        let body = InboundBody(chunks: pieces, failure: cutAt == nil ? nil : .disconnected)
        let reception = Reception(done: done)
        process.life.spawn { [self] in
            let reply = await process.desk.receive(exchange, body: body)
            witness.acknowledges(WireFacts(reply.body), by: receiver)
            witness.took(parcel.facts, reply, receiver.name)
            world.note(receiver.name.rawValue, "answers \(reply.status) to \(parcel.facts.messageID)")
            reception.finish(reply)
        }
        receptions[receiver.name, default: []].append(reception)
    }

    private var receptions: [Town.Name: [Reception]] = [:]

    /// `@unchecked Sendable`: of the world's one thread.
    private final class Reception: @unchecked Sendable {
        private var done: ((ExchangeReply?) -> Void)?

        init(done: @escaping (ExchangeReply?) -> Void) { self.done = done }

        func finish(_ reply: ExchangeReply?) {
            let done = self.done
            self.done = nil
            done?(reply)
        }

        var isOver: Bool { done == nil }
    }

    // MARK: - Back

    private func goBack(_ reply: ExchangeReply, _ call: Call, _ timeouts: HTTPTimeouts, _ weather: Weather) {
        let back = Link(from: call.link.to, to: call.link.from)
        var answer = HTTPAnswer(
            status: reply.status, contentType: reply.contentType, retryAfter: reply.retryAfterSeconds, body: reply.body)
        if random.chance(weather.answerLoss) || cut[back] != nil {
            note(call, "gets no answer")
            return fail(call, .timedOut, after: timeouts.stalled)
        }
        if random.chance(weather.wrongAnswer), let other = lastAnswer[back] {
            note(call, "gets the answer to another request")
            lastAnswer[back] = answer
            answer = other
        } else {
            lastAnswer[back] = answer
        }
        let delay = weather.delay(&random)
        if delay > timeouts.stalled { fail(call, .timedOut, after: timeouts.stalled) }
        world.after(delay) { [self, answer] in complete(call, answer) }
    }

    private func complete(_ call: Call, _ answer: HTTPAnswer) {
        guard calls.removeValue(forKey: call.number) != nil else { return }
        note(call, "has the answer \(answer.status)")
        if call.life.isOver { return abandoned.append(call) }
        call.answer.resume(returning: answer)
    }

    private func fail(_ call: Call, _ code: HTTPClientError.Code, after delay: Duration) {
        world.after(delay) { [self] in
            guard calls.removeValue(forKey: call.number) != nil else { return }
            note(call, "fails: \(code.rawValue)")
            if call.life.isOver { return abandoned.append(call) }
            call.answer.resume(throwing: HTTPClientError(code, reason: "simulated"))
        }
    }

    private var abandoned: [Call] = []

    // MARK: - What others do

    /// Ends the calls that a process waits for.
    func cancelCalls(of life: Life) {
        for number in calls.keys.sorted() {
            if let call = calls[number], call.life === life { fail(call, .cancelled, after: .zero) }
        }
    }

    /// A process died: whoever waited for its answers learns it, or waits in vain.
    func died(_ name: Town.Name) {
        for reception in receptions.removeValue(forKey: name) ?? [] where !reception.isOver {
            if random.chance(0.7) { world.after(random.between(.milliseconds(1), .milliseconds(50))) { reception.finish(nil) } }
        }
    }

    /// Somebody sends again what passed before, some of it long ago.
    func replay(_ count: Int) {
        guard !passed.isEmpty else { return }
        for _ in 0..<count {
            let (link, parcel) = passed[random.below(passed.count)]
            world.after(random.spread(.milliseconds(1), .minutes(10))) { [self] in repeatParcel(parcel, link) }
        }
    }

    private func repeatParcel(_ parcel: Parcel, _ link: Link) {
        guard let receiver = machines[link.to], cut[link] == nil else { return }
        world.note("network", "repeats \(parcel.facts.messageID) to \(link.to)")
        deliver(parcel, to: receiver, cutAt: nil) { _ in }
    }

    private func remember(_ parcel: Parcel, _ link: Link) {
        if passed.count < 64 { passed.append((link, parcel)) } else { passed[random.below(64)] = (link, parcel) }
    }

    /// After the run: nobody waits any more.
    func unwind() {
        for call in calls.values { call.answer.resume(throwing: HTTPClientError(.cancelled, reason: "the run is over")) }
        for call in abandoned { call.answer.resume(throwing: HTTPClientError(.cancelled, reason: "the run is over")) }
        (calls, abandoned) = ([:], [])
    }

    private func note(_ call: Call, _ what: String) {
        world.note("\(call.link.from) to \(call.link.to), call \(call.number)", what)
    }
}

/// How a node's messages leave: into the simulated network.
struct SimulatedTransport: MessageTransport {
    let network: Network
    let machine: Machine
    let life: Life

    func post<Result: Sendable>(
        _ request: @escaping @Sendable () throws -> HTTPPost, reading: @escaping @Sendable (HTTPAnswer) throws -> Result
    ) async throws -> Result {
        try await life.turn()
        let post = try request()
        let parcel = try Parcel(post)
        let (url, timeouts) = (post.url, post.timeouts)
        let answer = try await withCheckedThrowingContinuation { answer in
            network.send(parcel, to: url, timeouts: timeouts, from: machine, life, answer: answer)
        }
        try await life.turn()
        return try reading(answer)
    }

    func cancel() { network.cancelCalls(of: life) }

    func shutDown() async {}
}
