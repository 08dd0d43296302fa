extension Henvisning {
    /// One piece of clinical information: history, finding, medication, earlier treatment.
    public struct InfItem: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case resultItem(ResultItem)
            case medication(Medication)
            case observation(Observation)
        }

        /// nil only when a message without it was read.
        public var kind: Kind?
        /// List 8233; see ``InfItemType``.
        public var type: CodedValue
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?
        public var orgDate: DocumentTime?

        public init(
            _ kind: Kind, type: CodedValue, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil,
            orgDate: DocumentTime? = nil
        ) {
            (self.kind, self.type, self.startDateTime) = (kind, type, startDateTime)
            (self.endDateTime, self.orgDate) = (endDateTime, orgDate)
        }

        /// Free text of one type.
        public init(_ type: InfItemType, _ description: String) {
            self.init(.observation(Observation(description: description)), type: type.simple)
        }
    }

    public struct Observation: Sendable, Hashable {
        public var description: String?
        public var comment: String?

        public init(description: String?, comment: String? = nil) {
            (self.description, self.comment) = (description, comment)
        }
    }

    public struct Medication: Sendable, Hashable {
        /// ATC, list 7180; or the name in `OT` alone.
        public var drugID: CodedValue
        public var comment: String?
        public var status: CodedValue
        public var intendedDuration: PhysicalQuantity?
        public var quantitySupplied: PhysicalQuantity?
        public var unitDose: PhysicalQuantity?
        public var dosageText: String?

        public init(
            drugID: CodedValue, comment: String? = nil, status: CodedValue, intendedDuration: PhysicalQuantity? = nil,
            quantitySupplied: PhysicalQuantity? = nil, unitDose: PhysicalQuantity? = nil, dosageText: String? = nil
        ) {
            (self.drugID, self.comment, self.status) = (drugID, comment, status)
            (self.intendedDuration, self.quantitySupplied) = (intendedDuration, quantitySupplied)
            (self.unitDose, self.dosageText) = (unitDose, dosageText)
        }
    }

    public struct ResultItem: Sendable, Hashable {
        public enum Outcome: Sendable, Hashable {
            case textResult(TextResult)
            case interval(Interval)
            case dateResult(DateResult)
            case numResult(NumResult)
        }

        /// nil only when a message without it was read.
        public var outcome: Outcome?
        public var servType: CodedValue?
        public var invDate: DocumentTime?
        public var comment: String?
        public var devResultInd: CodedValue?
        public var clinInv: ClinInv

        public init(
            _ outcome: Outcome, servType: CodedValue? = nil, invDate: DocumentTime? = nil, comment: String? = nil,
            devResultInd: CodedValue? = nil, clinInv: ClinInv
        ) {
            (self.outcome, self.servType, self.invDate, self.comment) = (outcome, servType, invDate, comment)
            (self.devResultInd, self.clinInv) = (devResultInd, clinInv)
        }
    }

    public struct TextResult: Sendable, Hashable {
        public var result: Result?

        public init(_ result: Result?) { self.result = result }
    }

    public struct Result: Sendable, Hashable {
        public var heading: CodedValue?
        public var textResultValue: String?
        public var textCode: CodedValue?

        public init(heading: CodedValue? = nil, textResultValue: String? = nil, textCode: CodedValue? = nil) {
            (self.heading, self.textResultValue, self.textCode) = (heading, textResultValue, textCode)
        }
    }

    public struct Interval: Sendable, Hashable {
        public var low: PhysicalQuantity?
        public var high: PhysicalQuantity?

        public init(low: PhysicalQuantity?, high: PhysicalQuantity?) { (self.low, self.high) = (low, high) }
    }

    public struct DateResult: Sendable, Hashable {
        /// nil only when a message without it was read.
        public var dateResultValue: DocumentTime?

        public init(_ dateResultValue: DocumentTime) { self.dateResultValue = dateResultValue }
    }

    public struct NumResult: Sendable, Hashable {
        public var arithmeticComp: CodedValue?
        public var numResultValue: PhysicalQuantity

        public init(_ numResultValue: PhysicalQuantity, arithmeticComp: CodedValue? = nil) {
            (self.numResultValue, self.arithmeticComp) = (numResultValue, arithmeticComp)
        }
    }

    /// The examination that a result comes from.
    public struct ClinInv: Sendable, Hashable {
        public var id: CodedValue
        public var spec: [CodedValue]

        public init(_ id: CodedValue, spec: [CodedValue] = []) { (self.id, self.spec) = (id, spec) }
    }
}

extension Henvisning.InfItem: ElementValue {
    static let blank: Self = {
        var blank = Self(.observation(.blank), type: .blank)
        blank.kind = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.kind,
            ElementAlternative("ResultItem", .element, make: Kind.resultItem) {
                if case .resultItem(let item) = $0 { item } else { nil }
            },
            ElementAlternative("Medication", .element, make: Kind.medication) {
                if case .medication(let medication) = $0 { medication } else { nil }
            },
            ElementAlternative("Observation", .element, make: Kind.observation) {
                if case .observation(let observation) = $0 { observation } else { nil }
            }),
        .one("Type", \.type, .cs),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts),
        .optional("OrgDate", \.orgDate, .ts))
}

extension Henvisning.Observation: ElementValue {
    static let blank = Self(description: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Description", \.description, .text),
        .optional("Comment", \.comment, .text))
}

extension Henvisning.Medication: ElementValue {
    static let blank = Self(drugID: .blank, status: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("DrugId", \.drugID, .cv),
        .optional("Comment", \.comment, .text),
        .one("Status", \.status, .cs),
        .optional("IntendedDuration", \.intendedDuration, .pq),
        .optional("QuantitySupplied", \.quantitySupplied, .pq),
        .optional("UnitDose", \.unitDose, .pq),
        .optional("DosageText", \.dosageText, .text))
}
