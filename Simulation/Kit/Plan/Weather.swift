/// What a link does to what passes, as probabilities for each request.
package struct Weather: Sendable, Hashable {
    var loss = 0.0
    var answerLoss = 0.0
    /// The same request comes once more, later.
    var twice = 0.0
    /// The connection breaks in the middle of the request.
    var cut = 0.0
    /// The answer is the one that belonged to an earlier request.
    var wrongAnswer = 0.0
    /// Longest time one way.
    var slowest: Duration = .milliseconds(50)

    func delay(_ random: inout Randomness) -> Duration { random.spread(.milliseconds(1), slowest) }
}

extension Weather {
    /// What the whole net is like in one run.
    init(_ random: inout Randomness) {
        self.init()
        guard random.chance(0.7) else { return }
        loss = random.pick([0, 0.02, 0.1, 0.3])
        answerLoss = random.pick([0, 0.05, 0.2, 0.4])
        twice = random.pick([0, 0.1, 0.3])
        cut = random.pick([0, 0.05])
        wrongAnswer = random.pick([0, 0, 0.1])
        slowest = random.pick([.milliseconds(50), .seconds(2), .seconds(40), .minutes(5)])
    }

    /// A link at its worst.
    static func storm(_ random: inout Randomness) -> Weather {
        Weather(
            loss: random.pick([0, 0.5, 0.9]), answerLoss: random.pick([0, 0.5, 0.95]), twice: random.pick([0, 0.8]),
            cut: random.pick([0, 0.5]), wrongAnswer: random.pick([0, 0.5]),
            slowest: random.pick([.milliseconds(200), .minutes(2), .minutes(20)]))
    }
}
