extension Epikrise {
    /// One piece of clinical information: diagnosis, finding, medication.
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
        public var origin: Origin?
        public var relHCProvider: [RelHCProvider]

        public init(
            _ kind: Kind, type: CodedValue, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil,
            orgDate: DocumentTime? = nil, origin: Origin? = nil, relHCProvider: [RelHCProvider] = []
        ) {
            (self.kind, self.type, self.startDateTime) = (kind, type, startDateTime)
            (self.endDateTime, self.orgDate, self.origin) = (endDateTime, orgDate, origin)
            self.relHCProvider = relHCProvider
        }

        /// Paragraphs of text, written as XHTML the way the standard has it.
        public init(_ type: InfItemType, _ text: String) {
            self.init(.observation(Observation(description: MixedContent(paragraphs: text))), type: type.simple)
        }

        /// A coded diagnosis: main or secondary.
        public init(_ type: InfItemType, diagnosis: CodedValue) {
            self.init(.observation(Observation(codedDescr: CodedDescr(diagnosis))), type: type.simple)
        }
    }

    public struct Observation: Sendable, Hashable {
        public var description: MixedContent?
        public var comment: String?
        public var codedDescr: CodedDescr?

        public init(description: MixedContent? = nil, comment: String? = nil, codedDescr: CodedDescr? = nil) {
            (self.description, self.comment, self.codedDescr) = (description, comment, codedDescr)
        }
    }

    public struct Medication: Sendable, Hashable {
        /// ATC, list 7180; or the name in `OT` alone.
        public var drugID: CodedValue
        public var dosageCoded: CodedValue?
        public var comment: String?
        public var status: CodedValue
        public var form: CodedValue?
        public var routeOfAdm: CodedValue?
        public var intendedDuration: PhysicalQuantity?
        public var quantitySupplied: PhysicalQuantity?
        public var unitDose: PhysicalQuantity?
        public var dosageText: String?

        public init(
            drugID: CodedValue, dosageCoded: CodedValue? = nil, comment: String? = nil, status: CodedValue,
            form: CodedValue? = nil, routeOfAdm: CodedValue? = nil, intendedDuration: PhysicalQuantity? = nil,
            quantitySupplied: PhysicalQuantity? = nil, unitDose: PhysicalQuantity? = nil, dosageText: String? = nil
        ) {
            (self.drugID, self.dosageCoded, self.comment) = (drugID, dosageCoded, comment)
            (self.status, self.form, self.routeOfAdm) = (status, form, routeOfAdm)
            (self.intendedDuration, self.quantitySupplied) = (intendedDuration, quantitySupplied)
            (self.unitDose, self.dosageText) = (unitDose, dosageText)
        }
    }

    public struct ResultItem: Sendable, Hashable {
        public enum Outcome: Sendable, Hashable {
            case textResult(TextResult)
            case interval(Interval)
            case numResult(NumResult)
            case dateResult(DateResult)
        }

        /// nil only when a message without it was read.
        public var outcome: Outcome?
        public var servType: CodedValue?
        public var invDate: DocumentTime?
        public var comment: String?
        public var devResultInd: CodedValue?
        public var clinInv: ClinInv
        public var diagComment: DiagComment?

        public init(
            _ outcome: Outcome, servType: CodedValue? = nil, invDate: DocumentTime? = nil, comment: String? = nil,
            devResultInd: CodedValue? = nil, clinInv: ClinInv, diagComment: DiagComment? = nil
        ) {
            (self.outcome, self.servType, self.invDate, self.comment) = (outcome, servType, invDate, comment)
            (self.devResultInd, self.clinInv, self.diagComment) = (devResultInd, clinInv, diagComment)
        }
    }

    public struct TextResult: Sendable, Hashable {
        public var result: Result?

        public init(_ result: Result?) { self.result = result }
    }
}
