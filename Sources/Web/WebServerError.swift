/// Why the server does not start. `reason` is for the operator and says what to do.
public struct WebServerError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case addressInUse, addressNotHere, cannotListen, certificateUnreadable, plainHTTPRefused
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, reason: String) { (self.code, self.reason) = (code, reason) }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String { reason }
}
