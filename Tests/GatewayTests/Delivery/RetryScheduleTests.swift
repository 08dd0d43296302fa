import Envelope
import Foundation
import Native
import TestSupport
import Testing

@testable import Gateway

@Suite("When it is tried again")
struct RetryScheduleTests {
    private let schedule = RetrySchedule()

    @Test(
        "waits double from a quarter of a minute to an hour",
        arguments: [(1, 15), (2, 30), (3, 60), (4, 120), (8, 1920), (9, 3600), (10, 3600), (1_000_000, 3600), (0, 15)])
    func delays(attempt: Int, seconds: Int) {
        #expect(schedule.delay(afterAttempt: attempt) == .seconds(seconds))
    }

    @Test("a wait is shorter by up to a fifth, never longer, the same for the same message, and not the same for all")
    func jitter() {
        let names = (0..<200).map { "message \($0)" }
        for attempt in 1...12 {
            let waits = names.map { schedule.delay(afterAttempt: attempt, of: $0) }
            let whole = schedule.delay(afterAttempt: attempt)
            #expect(waits.allSatisfy { $0 <= whole && $0 >= whole * 0.8 })
            #expect(Set(waits).count > 100)
            #expect(waits == names.map { schedule.delay(afterAttempt: attempt, of: $0) })
        }
    }

    @Test("four days and more than a hundred attempts: within an hour of any time, the destination within a quarter")
    func spread() {
        var (time, attempts) = (0.0, 0)
        while time < 4 * 86_400 {
            attempts += 1
            time += schedule.delay(afterAttempt: attempts, of: "m").seconds
        }
        #expect(attempts > 100)
        #expect(schedule.ofDestinations.longest == .seconds(900))
        #expect(attempts > RetrySchedule.leastAttempts)
    }

    @Test("trying ends after four days, and not before two working days have passed")
    func cutoff() {
        let now = TestPKI.now
        #expect(schedule.cutoff(at: now) { _, _ in now - 2 * 86_400 } == now - 4 * 86_400)
        #expect(schedule.cutoff(at: now) { _, _ in now - 6 * 86_400 } == now - 6 * 86_400)
        let asked = schedule.cutoff(at: now) { count, before in
            #expect(count == 2 && before == now)
            return before
        }
        #expect(asked == now - 4 * 86_400)
    }

    @Test("a peer may ask for time, not for silence", arguments: [(0, 1), (-5, 1), (30, 30), (3600, 3600), (Int.max, 3600)])
    func patience(asked: Int, given: Int) {
        #expect(RetrySchedule.patience(with: asked) == .seconds(given))
    }
}

@Suite("Whether a destination is called")
struct CircuitBreakerTests {
    private let now = TestPKI.now
    private let schedule = RetrySchedule().ofDestinations

    private func fail(
        _ breaker: inout CircuitBreaker, _ seconds: Double, message: Int64 = 1, isClear: Bool = true, patience: Duration? = nil
    ) {
        breaker.failed(
            at: now + seconds, message: message, isClear: isClear, patience: patience, reason: "refused", destination: "d",
            schedule: schedule)
    }

    @Test("opens at once when nobody is there, longer each time, and any answer closes it")
    func clear() throws {
        var breaker = CircuitBreaker()
        var time = 0.0
        for failure in 1...12 {
            fail(&breaker, time)
            #expect(breaker.failures == failure && breaker.isOpen)
            let wait = try #require(breaker.opensAgainAt).timeIntervalSince(now) - time
            let whole = schedule.delay(afterAttempt: failure).seconds
            #expect(wait <= whole && wait >= whole * 0.8)
            #expect(!breaker.lets(callAt: now + time + wait - 0.01) && breaker.lets(callAt: now + time + wait))
            time += wait
        }
        #expect(breaker.failingSince == now)
        let wasOpen = breaker.succeeded()
        #expect(wasOpen)
        #expect(breaker == CircuitBreaker() && !breaker.isOpen)
    }

    @Test("calls that were under way together and fail together are one failure")
    func together() {
        var breaker = CircuitBreaker()
        for message in 1...30 { fail(&breaker, 0.1 * Double(message), message: Int64(message)) }
        #expect(breaker.failures == 1)
    }

    @Test("a time-out opens it when it happens to three in a row, of more than one message")
    func doubts() {
        var breaker = CircuitBreaker()
        for message in [1, 1, 1, 2, 2] { fail(&breaker, 0, message: Int64(message), isClear: false) }
        #expect(!breaker.isOpen)
        breaker.succeeded()
        for message in [1, 2] { fail(&breaker, 0, message: Int64(message), isClear: false) }
        #expect(!breaker.isOpen)
        fail(&breaker, 0, message: 3, isClear: false)
        #expect(breaker.isOpen)
    }

    @Test("what the destination asks for counts when it is longer than the schedule, and at once")
    func patience() {
        var breaker = CircuitBreaker()
        fail(&breaker, 0, patience: .seconds(2))
        #expect(breaker.opensAgainAt ?? now >= now + 12)
        fail(&breaker, 1, patience: .seconds(600))
        #expect(breaker.opensAgainAt == now + 601)
    }
}

@Suite("What an error means")
struct DeliveryErrorTests {
    @Test("every libcurl error has a class, and a certificate that is refused needs a person")
    func transport() {
        for code in HTTPClientError.Code.allCases {
            for refusal in HTTPClientError.TLSRefusal.allCases {
                let error = DeliveryError(HTTPClientError(code, reason: "r", refusal: refusal))
                #expect(error.class != .permanent)
                let isPersons = code == .tlsRefused && ![.handshake, .revocationUnknown].contains(refusal)
                if isPersons { #expect(error.class == .needsPerson && error.finding == .down(patience: nil)) }
                if code == .unreachable { #expect(error.class == .temporaryDestination && error.finding == .down(patience: nil)) }
                if code == .timedOut || code == .interrupted { #expect(error.finding == .doubtful) }
            }
        }
    }

    @Test("no HTTP status ends a message: nobody has signed it", arguments: Array(100...599) + [0, 999])
    func status(status: Int) {
        guard let code = DeliveryError.code(httpStatus: status) else {
            #expect((200..<300).contains(status))
            return
        }
        #expect(!(200..<300).contains(status))
        #expect(code.meaning.class != .permanent)
        switch status {
        case 429, 503: #expect(code == .busy)
        case 413, 400, 415: #expect(code == .refusedByServer)
        case 404, 401, 403, 301: #expect(code == .notHere)
        case 408, 500, 502, 504: #expect(code == .serverFault)
        default: break
        }
    }

    @Test("every ebXML code has a class; an unknown one is somebody's to look at")
    func ebXML() {
        let expected: [EbXMLErrorCode: DeliveryError.Class] = [
            .valueNotRecognized: .needsPerson, .securityFailure: .needsPerson, .deliveryFailure: .temporaryMessage,
            .unknown: .temporaryMessage, .notSupported: .permanent, .inconsistent: .permanent, .otherXml: .permanent,
            .timeToLiveExpired: .permanent, .mimeProblem: .permanent,
        ]
        #expect(expected.count == EbXMLErrorCode.allCases.count)
        for code in EbXMLErrorCode.allCases {
            let error = DeliveryError(ErrorList(EbXMLError(code: code, severity: .error)))
            #expect(error.class == expected[code], "\(code)")
            #expect(error.description.contains(code.rawValue))
            // The receiver signed it: it is there.
            #expect(error.finding == .up)
            let warning = DeliveryError(ErrorList(EbXMLError(code: code, severity: .warning)))
            #expect(warning.class == .temporaryMessage && warning.code == .warning)
        }
        #expect(DeliveryError.code(nil as EbXMLErrorCode?).meaning.class == .needsPerson)
    }

    @Test("of several the gravest counts, and a warning beside an error counts for nothing")
    func gravest() {
        let security = EbXMLError(code: .securityFailure, severity: .error)
        let mime = EbXMLError(code: .mimeProblem, severity: .error)
        let later = EbXMLError(code: .deliveryFailure, severity: .error)
        #expect(DeliveryError(ErrorList(later, security, mime)).class == .permanent)
        #expect(DeliveryError(ErrorList(later, security)).class == .needsPerson)
        #expect(
            DeliveryError(ErrorList(later, EbXMLError(code: .mimeProblem, severity: .warning))).class == .temporaryMessage)
    }

    @Test("whatever else goes wrong before anything is sent says nothing of the destination")
    func ours() {
        for error: any Error in [
            StoreError(.damaged, reason: "r"), RegistryError(.unknownParty, reason: "r"),
            RegistryError(.revocationUnknown, reason: "r"), SealingError(.receiver, "r"), SealingError(.keys, "r"),
            SealingError(.weakened, "r"), SealingError(.tryLater, "r"), CancellationError(),
        ] {
            #expect(DeliveryError(error).finding == .nothing)
        }
        #expect(DeliveryError(SealingError(.weakened, "r")).class == .permanent)
        #expect(DeliveryError(SealingError(.receiver, "r")).class == .needsPerson)
    }
}
