extension Epikrise {
    /// A stay or a contact, done or planned; events may lie inside one another.
    public struct Event: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case plannedEvent(PlannedEvent)
            case reportedEvent(ReportedEvent)
        }

        /// nil in an event with nothing in it, which the schema allows.
        public var kind: Kind?
        public var servType: CodedValue?
        public var recipient: CodedValue?
        public var priority: CodedValue?
        /// List 7300.
        public var admOutcome: CodedValue?
        public var expDuration: PhysicalQuantity?
        public var event: [Event]
        public var service: Service?
        public var relServProvider: [RelServProvider]
        public var assRequest: [AssRequest]
        public var eventLocation: [EventLocation]
        public var infItem: [InfItem]
        public var comment: [Comment]
        public var codedComment: [CodedComment]

        public init(
            _ kind: Kind, servType: CodedValue = ServType.new.simple, recipient: CodedValue? = nil, priority: CodedValue? = nil,
            admOutcome: CodedValue? = nil, expDuration: PhysicalQuantity? = nil, event: [Event] = [], service: Service,
            relServProvider: [RelServProvider] = [], assRequest: [AssRequest] = [], eventLocation: [EventLocation] = [],
            infItem: [InfItem] = [], comment: [Comment] = [], codedComment: [CodedComment] = []
        ) {
            (self.kind, self.servType, self.recipient, self.priority) = (kind, servType, recipient, priority)
            (self.admOutcome, self.expDuration, self.event, self.service) = (admOutcome, expDuration, event, service)
            (self.relServProvider, self.assRequest, self.eventLocation) = (relServProvider, assRequest, eventLocation)
            (self.infItem, self.comment, self.codedComment) = (infItem, comment, codedComment)
        }

        /// `<Event/>`.
        public init() {
            (event, relServProvider, assRequest, eventLocation) = ([], [], [], [])
            (infItem, comment, codedComment) = ([], [], [])
        }

        /// Everything but the empty event has a kind, a type and a service.
        func inspect(_ reader: LayoutReader) {
            if self != Event(), kind == nil || servType == nil || service == nil {
                reader.report("an event lacks its kind, its ServType or its Service")
            }
            for event in event { event.inspect(reader) }
        }
    }

    public struct ReportedEvent: Sendable, Hashable {
        /// nil only when a message without it was read.
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?

        public init(startDateTime: DocumentTime, endDateTime: DocumentTime? = nil) {
            (self.startDateTime, self.endDateTime) = (startDateTime, endDateTime)
        }
    }

    public struct PlannedEvent: Sendable, Hashable {
        public var planningStage: CodedValue?
        public var statusOfPlan: CodedValue?
        public var planComment: String?
        public var planningDate: DocumentTime?
        public var scheduledDate: DocumentTime?
        public var adviceSentTo: CodedValue?
        public var expectedDelay: PhysicalQuantity?
        public var commentExpDuration: String?
        public var preparation: String?
        public var advice: String?
        public var transportArr: TransportArr?

        public init(
            planningStage: CodedValue? = nil, statusOfPlan: CodedValue? = nil, planComment: String? = nil,
            planningDate: DocumentTime? = nil, scheduledDate: DocumentTime? = nil, adviceSentTo: CodedValue? = nil,
            expectedDelay: PhysicalQuantity? = nil, commentExpDuration: String? = nil, preparation: String? = nil,
            advice: String? = nil, transportArr: TransportArr? = nil
        ) {
            (self.planningStage, self.statusOfPlan, self.planComment) = (planningStage, statusOfPlan, planComment)
            (self.planningDate, self.scheduledDate, self.adviceSentTo) = (planningDate, scheduledDate, adviceSentTo)
            (self.expectedDelay, self.commentExpDuration) = (expectedDelay, commentExpDuration)
            (self.preparation, self.advice, self.transportArr) = (preparation, advice, transportArr)
        }
    }

    public struct TransportArr: Sendable, Hashable {
        public var responsibility: CodedValue?
        public var status: CodedValue?
        public var transportRequirement: CodedValue?
        public var escortRequired: CodedValue?
        public var comment: String?

        public init(
            responsibility: CodedValue? = nil, status: CodedValue? = nil, transportRequirement: CodedValue? = nil,
            escortRequired: CodedValue? = nil, comment: String? = nil
        ) {
            (self.responsibility, self.status, self.transportRequirement) = (responsibility, status, transportRequirement)
            (self.escortRequired, self.comment) = (escortRequired, comment)
        }
    }

    public struct Service: Sendable, Hashable {
        public var servID: CodedValue?
        /// List 8451. Spelt so in this schema.
        public var medSpecialty: CodedValue?
        /// List 8240.
        public var admCat: CodedValue?

        public init(servID: CodedValue? = nil, medSpecialty: CodedValue? = nil, admCat: CodedValue? = nil) {
            (self.servID, self.medSpecialty, self.admCat) = (servID, medSpecialty, admCat)
        }
    }

    /// Another request that goes with the event.
    public struct AssRequest: Sendable, Hashable {
        public var issueDate: DocumentTime?
        public var msgType: CodedValue
        public var id: String?

        public init(issueDate: DocumentTime? = nil, msgType: CodedValue, id: String? = nil) {
            (self.issueDate, self.msgType, self.id) = (issueDate, msgType, id)
        }
    }

    public struct EventLocation: Sendable, Hashable {
        public var role: CodedValue?
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?
        public var location: Location

        public init(
            role: CodedValue? = nil, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil, location: Location
        ) {
            (self.role, self.startDateTime, self.endDateTime, self.location) = (role, startDateTime, endDateTime, location)
        }
    }

    public struct Location: Sendable, Hashable {
        public var type: CodedValue?
        public var description: String?
        public var inst: Inst?
        public var address: Address?
        public var subLocation: [SubLocation]

        public init(
            type: CodedValue? = nil, description: String? = nil, inst: Inst? = nil, address: Address? = nil,
            subLocation: [SubLocation] = []
        ) {
            (self.type, self.description, self.inst, self.address) = (type, description, inst, address)
            self.subLocation = subLocation
        }
    }

    public struct SubLocation: Sendable, Hashable {
        public var type: CodedValue
        public var place: String

        public init(type: CodedValue, place: String) { (self.type, self.place) = (type, place) }
    }
}
