/// The service a message is for. ebMS 2.0 §3.1.4.
public struct Service: Sendable, Hashable {
    public var name: String
    public var type: String?

    /// A business service; its type is always `string` in the national profile.
    public init(_ name: String, type: String? = "string") { (self.name, self.type) = (name, type) }

    /// What signals are addressed to. It has no type.
    public static let signal = Service("urn:oasis:names:tc:ebxml-msg:service", type: nil)

    /// The type says how to read the name and does not make another service.
    public var isSignal: Bool { name == Self.signal.name }
}

extension Service {
    init(_ element: EbXMLElement) throws(EnvelopeError) {
        self.init(try element.text(), type: try element.attribute("type"))
        if isSignal, type != nil { element.log.note("the signals' service has a type", at: element.place, .note) }
    }
}
