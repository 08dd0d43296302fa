/// Why reading stopped.
enum BERFailure: Error {
    /// The bytes so far may well be the beginning of something right.
    case incomplete
    case refused(EnvelopeError)

    static func malformed(_ reason: String, at offset: Int) -> BERFailure {
        .refused(EnvelopeError(.cmsMalformed, reason: reason, place: "byte \(offset)"))
    }

    static func profile(_ reason: String) -> BERFailure { .refused(EnvelopeError(.cmsProfile, reason: reason)) }

    /// For where the bytes are known to be all there are.
    var final: EnvelopeError {
        switch self {
        case .incomplete: EnvelopeError(.cmsMalformed, reason: "the object ends too early")
        case .refused(let error): error
        }
    }
}
