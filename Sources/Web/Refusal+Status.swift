import Gateway

extension Observation.Refusal {
    /// Of a request that ``RequestGuard`` answers itself.
    init(status: Int) {
        switch status {
        case 408: self = .timedOut
        case 413: self = .tooLarge
        case 431: self = .headerTooLarge
        case 405: self = .wrongMethod
        case 400, 417, 501: self = .malformed
        default: self = .other
        }
    }

    init(_ error: InboundBodyError) {
        switch error {
        case .tooLarge: self = .tooLarge
        case .timedOut: self = .timedOut
        case .malformed: self = .malformed
        case .disconnected: self = .disconnected
        }
    }
}
