/// `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY DEFINED BY algorithm OPTIONAL }`
struct CMSAlgorithm {
    let identifier: ObjectIdentifier
    let parameters: BERElement?

    init(_ element: BERElement) throws(BERFailure) {
        var inside = element.cursor()
        identifier = try inside.element(DER.objectIdentifier, "an algorithm's identifier").objectIdentifier()
        parameters = try inside.isAtEnd() ? nil : try inside.element()
        try inside.leave()
    }

    /// Absent or NULL.
    var hasNoParameters: Bool { parameters.map { $0.tag == DER.null && $0.contents.isEmpty } ?? true }
}
