import Gateway

/// Something that goes wrong, from a time on and for a while.
package struct Mishap: Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The process is killed: between two of its steps, or at one of its next commits, before or after it counts.
        case crash(Town.Name, CrashPoint)
        /// The process is asked to stop, and started again.
        case stop(Town.Name)
        /// Nothing passes from the one to the other; back only when `bothWays` is false.
        case partition(Town.Name, Town.Name, bothWays: Bool)
        case storm(Town.Name, Town.Name, Weather)
        case fullDisk(Town.Name)
        /// So many commits fail.
        case diskErrors(Town.Name, Int)
        case slowDisk(Town.Name)
        case clock(Town.Name, by: Duration)
        /// A proxy answers 503 in the node's place.
        case busy(Town.Name, retryAfter: Int)
        /// Everything takes much longer than usual.
        case strain(Town.Name)
        /// The folder of the receiving system is not there.
        case noFolder(Town.Name)
        /// Somebody sends again what passed before.
        case replay(Int)
        /// The node is started again with the new certificates of the doctors.
        case renewal(Town.Name)
        /// A person at the sender's node uses `msggw queue`. What is held is released again; what is cancelled may have arrived.
        case order(QueueOrder, letter: Int)
    }

    package enum CrashPoint: Sendable {
        case now
        case beforeCommit(Int)
        case afterCommit(Int)
    }

    package let number: Int
    package let at: Duration
    package let length: Duration
    package let kind: Kind

    init(_ number: Int, within whole: Duration, _ random: inout Randomness) {
        self.number = number
        at = random.between(.zero, whole)
        length = random.spread(.milliseconds(500), max(.hours(3), whole * 2))
        let names = Town.Name.allCases
        let who = random.pick(names)
        let other = random.pick(names.filter { $0 != who })
        switch random.below(16) {
        case 0, 1: kind = .crash(who, .now)
        case 2: kind = .crash(who, .beforeCommit(1 + random.below(6)))
        case 3, 4: kind = .crash(who, .afterCommit(1 + random.below(6)))
        case 5: kind = .stop(who)
        case 6: kind = .partition(who, other, bothWays: random.chance(0.5))
        case 7: kind = .storm(who, other, .storm(&random))
        case 8: kind = .fullDisk(who)
        case 9: kind = .diskErrors(who, 1 + random.below(5))
        case 10: kind = .slowDisk(who)
        case 11, 12: kind = .clock(who, by: Self.jump(&random))
        case 13: kind = random.chance(0.5) ? .busy(who, retryAfter: random.pick([0, 1, 30, 600, 1_000_000])) : .strain(who)
        case 14: kind = .noFolder(who)
        default: kind = .replay(1 + random.below(6))
        }
    }

    init(_ number: Int, renewalOf name: Town.Name, within whole: Duration, _ random: inout Randomness) {
        (self.number, kind, length) = (number, .renewal(name), .zero)
        at = random.between(whole / 4, whole * 2)
    }

    /// Something that a person orders soon after the letter was handed in, or much later.
    init(_ number: Int, orderAbout letter: Letter, _ random: inout Randomness) {
        self.number = number
        kind = .order(random.pick([QueueOrder.hold, .retry, .cancel]), letter: letter.number)
        at = letter.at + random.spread(.milliseconds(10), .hours(2))
        length = random.spread(.seconds(1), .hours(30))
    }

    private static func jump(_ random: inout Randomness) -> Duration {
        let size = random.pick([Duration.seconds(90), .hours(1), .days(1), .days(3653)])
        return random.chance(0.5) ? size : .zero - size
    }

    func setsClock(of name: Town.Name) -> Bool {
        if case .clock(name, _) = kind { true } else { false }
    }

    package var description: String {
        "mishap \(number) at \(at.text), for \(length.text): \(kind)"
    }
}

extension Duration {
    var text: String { "\(Double(microseconds) / 1_000_000) s" }
}
