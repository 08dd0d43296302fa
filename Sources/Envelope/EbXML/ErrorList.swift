import Native

/// Why a message was not delivered. ebMS 2.0 §4.2.3.
public struct ErrorList: Sendable, Hashable {
    static let mostErrors = 100

    /// Never empty.
    public let errors: [EbXMLError]

    /// An `Error` among the errors is final: the message is not delivered. Warnings alone mean: keep waiting.
    public var highestSeverity: EbXMLError.Severity {
        errors.contains { $0.severity == .error } ? .error : .warning
    }

    public init(_ first: EbXMLError, _ others: EbXMLError...) { errors = [first] + others }

    /// What the sender of a refused message is told: the code that belongs to our reason, and nothing of the reason.
    public init(answering error: EnvelopeError) {
        let code = error.code.ebXML
        errors = [EbXMLError(code: code, severity: .error, text: code.outsideText)]
    }
}

/// One error. ebMS 2.0 §4.2.3.2.
public struct EbXMLError: Sendable, Hashable {
    public enum Severity: String, Sendable {
        case warning = "Warning"
        case error = "Error"
    }

    /// As it stands on the wire: any text, since the table is open.
    public let errorCode: String
    public let severity: Severity
    public let location: String?
    /// For a person to read. It may hold anything, so it is shown as the peer's words and never interpreted.
    public let text: String?

    /// The code, when the standard's table has it.
    public var code: EbXMLErrorCode? { EbXMLErrorCode(rawValue: errorCode) }

    public init(code: EbXMLErrorCode, severity: Severity, location: String? = nil, text: String? = nil) {
        (self.errorCode, self.severity, self.location, self.text) = (code.rawValue, severity, location, text)
    }
}

extension ErrorList {
    private static let order = XMLNameTable("Error")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        try element.checkChildren(Self.order)
        var errors: [EbXMLError] = []
        for child in element.all("Error") {
            guard errors.count < Self.mostErrors else { throw element.malformed("there are more than \(Self.mostErrors) errors") }
            errors.append(try EbXMLError(child))
        }
        guard !errors.isEmpty else { throw element.malformed("there is no Error") }
        self.errors = errors
        if try element.attribute("highestSeverity") != highestSeverity.rawValue {
            element.log.note("eb:highestSeverity is not the highest severity", at: element.place)
        }
    }

    func write(_ writer: inout XMLWriter) {
        writer.block("eb:ErrorList", ("eb:highestSeverity", highestSeverity.rawValue)) { writer in
            for error in errors { error.write(&writer) }
        }
    }
}

extension EbXMLError {
    init(_ element: EbXMLElement) throws(EnvelopeError) {
        guard let errorCode = try element.attribute("errorCode"),
            let severity = try element.attribute("severity").flatMap(Severity.init(rawValue:))
        else { throw element.malformed("eb:errorCode or eb:severity is missing or unknown") }
        let description = try element.child("Description")
        self.errorCode = errorCode
        self.severity = severity
        location = element.node.attribute("location", EbXMLNamespace.eb).map { String($0.prefix(1000)) }
        text = description.map { String($0.node.deepText.trimmed.prefix(4000)) }
    }

    func write(_ writer: inout XMLWriter) {
        writer.element(
            "eb:Error", [("eb:errorCode", errorCode), ("eb:location", location), ("eb:severity", severity.rawValue)]
        ) { writer in
            writer.element("eb:Description", [("xml:lang", "en")], text: text)
        }
    }
}
