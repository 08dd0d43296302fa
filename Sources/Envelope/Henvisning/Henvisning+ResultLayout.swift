// The schema's order for results of examinations. Henvisning-v1.1.xsd levels 5 to 7.

extension Henvisning.ResultItem: ElementValue {
    static let blank: Self = {
        var blank = Self(.textResult(.blank), clinInv: .blank)
        blank.outcome = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.outcome,
            ElementAlternative("TextResult", .element, make: Outcome.textResult) {
                if case .textResult(let result) = $0 { result } else { nil }
            },
            ElementAlternative("Interval", .element, make: Outcome.interval) {
                if case .interval(let interval) = $0 { interval } else { nil }
            },
            ElementAlternative("DateResult", .element, make: Outcome.dateResult) {
                if case .dateResult(let result) = $0 { result } else { nil }
            },
            ElementAlternative("NumResult", .element, make: Outcome.numResult) {
                if case .numResult(let result) = $0 { result } else { nil }
            }),
        .optional("ServType", \.servType, .cs),
        .optional("InvDate", \.invDate, .ts),
        .optional("Comment", \.comment, .text),
        .optional("DevResultInd", \.devResultInd, .cs),
        .one("ClinInv", \.clinInv, .element))
}

extension Henvisning.TextResult: ElementValue {
    static let blank = Self(nil)
    static let layout = ElementLayout<Self>(.document, .optional("Result", \.result, .element))
}

extension Henvisning.Result: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Heading", \.heading, .cs),
        .optional("TextResultValue", \.textResultValue, .text),
        .optional("TextCode", \.textCode, .cv))
}

extension Henvisning.Interval: ElementValue {
    static let blank = Self(low: nil, high: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Low", \.low, .pq),
        .optional("High", \.high, .pq))
}

extension Henvisning.DateResult: ElementValue {
    static let blank: Self = {
        var blank = Self(.blank)
        blank.dateResultValue = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(.document, .optional("DateResultValue", \.dateResultValue, .ts, required: true))
}

extension Henvisning.NumResult: ElementValue {
    static let blank = Self(PhysicalQuantity(text: nil))
    static let layout = ElementLayout<Self>(
        .document,
        .optional("ArithmeticComp", \.arithmeticComp, .cs),
        .one("NumResultValue", \.numResultValue, .pq))
}

extension Henvisning.ClinInv: ElementValue {
    static let blank = Self(.blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Id", \.id, .cv),
        .many("Spec", \.spec, .cv))
}
