import Native

extension Inspection {
    /// A clinical document: who, to whom, which, in answer to what. Of the patient only whether the document names one, and of
    /// every person only the HER-id, unless names were asked for.
    public struct Document: Sendable, Hashable, Encodable {
        public struct Place: Sendable, Hashable, Encodable {
            public let name: String?
            public let herID: String?
            public let organisationNumber: String?
        }

        public struct Person: Sendable, Hashable, Encodable {
            /// nil unless names were asked for.
            public let name: String?
            public let herID: String?
        }

        public struct Path: Sendable, Hashable, Encodable {
            public let organisation: Place
            public let service: Place?
            public let person: Person?
            /// The HER-id that messages go to.
            public let communicationHerID: String?
        }

        public struct Attached: Sendable, Hashable, Encodable {
            public let claimedType: String?
            /// What the bytes are; nil when they are in another part of the envelope, or of no format that is told apart.
            public let detectedType: String?
            public let bytes: Int?
            public let sha256: String?
            /// Where the bytes are, when not in the document.
            public let reference: String?
            /// The sender's words, shown only when names were asked for: it may name the patient.
            public let description: String?
        }

        public struct Conversation: Sendable, Hashable, Encodable {
            public let parent: String
            public let conversation: String
        }

        public struct Receipt: Sendable, Hashable, Encodable {
            /// `ok`, `rejected`, `ok-with-error-in-part`, or `unknown`.
            public let status: String
            public let originalID: String
            public let errors: [String]
        }

        public struct Patient: Sendable, Hashable, Encodable {
            public let name: String
            public let identifiers: [String]
            public let dateOfBirth: String?
        }

        public let format: String
        /// 8279.
        public let type: String?
        public let typeName: String?
        public let messageID: String
        public let generated: String
        public let sender: Path
        public let receiver: Path
        public let copyReceivers: [Path]
        public let attachments: [Attached]
        public let conversation: Conversation?
        public let documentID: String?
        public let receipt: Receipt?
        public let ack: String?
        public let processingStatus: String?
        /// `present` or `absent`.
        public let patient: String
        /// nil unless it was asked for.
        public let patientDetails: Patient?
    }
}

extension Inspection.Document {
    init(_ document: ClinicalDocument, showsPersons: Bool) {
        let summary = document.summary
        format = summary.format.name
        (type, typeName) = (summary.type.code.map(ShownText.free), summary.type.shown.map(ShownText.free))
        messageID = ShownText.identifier(summary.messageID)
        generated = summary.generated.text
        sender = Path(summary.sender, showsPersons)
        receiver = Path(summary.receiver, showsPersons)
        copyReceivers = summary.copyReceivers.map { Path($0, showsPersons) }
        attachments = summary.attachments.map { Attached($0, showsPersons) }
        conversation = summary.conversation.map {
            Conversation(parent: ShownText.identifier($0.parent), conversation: ShownText.identifier($0.conversation))
        }
        documentID = summary.documentID.map(ShownText.identifier)
        if case .appRec(let appRec) = document { receipt = Receipt(appRec) } else { receipt = nil }
        (ack, processingStatus) = (summary.ack?.rawValue, summary.processingStatus?.rawValue)
        patient = summary.patient == nil ? "absent" : "present"
        patientDetails = showsPersons ? summary.patient.map(Patient.init) : nil
    }
}

extension Inspection.Document.Path {
    init(_ path: AddressPath, _ showsPersons: Bool) {
        organisation = Inspection.Document.Place(path.organisation)
        service = path.service.map(Inspection.Document.Place.init)
        person = path.person.map {
            Inspection.Document.Person(name: showsPersons ? $0.name : nil, herID: $0.herID.map(ShownText.identifier))
        }
        communicationHerID = path.communicationHERID.map(ShownText.identifier)
    }
}

extension Inspection.Document.Place {
    init(_ unit: AddressPath.Unit) {
        name = unit.name.map(ShownText.free)
        (herID, organisationNumber) = (unit.herID.map(ShownText.identifier), unit.organisationNumber.map(ShownText.identifier))
    }
}

extension Inspection.Document.Attached {
    init(_ attachment: Attachment, _ showsPersons: Bool) {
        claimedType = attachment.mimeType.map(ShownText.free)
        detectedType = attachment.detectedFormat?.rawValue
        bytes = attachment.bytes?.count
        sha256 = attachment.bytes.map { Hexadecimal.text(Digest.of($0, .sha256)) }
        if case .reference(let uri) = attachment.content { reference = ShownText.free(uri) } else { reference = nil }
        description = showsPersons ? attachment.description : nil
    }
}

extension Inspection.Document.Receipt {
    init(_ receipt: AppRec) {
        status =
            switch receipt.status {
            case .ok: "ok"
            case .rejected: "rejected"
            case .okWithErrorInPart: "ok-with-error-in-part"
            case .unknown: "unknown"
            }
        originalID = ShownText.identifier(receipt.original.id)
        errors = receipt.errors.map { ShownText.free($0.code ?? "no code") }
    }
}

extension Inspection.Document.Patient {
    init(_ patient: PatientSummary) {
        name = patient.name.shown
        identifiers = patient.identifiers.map(\.value)
        dateOfBirth = patient.dateOfBirth?.text
    }
}

extension DocumentFormat {
    /// The standard and its version, for a person.
    var name: String {
        switch self {
        case .henvisning10: "Henvisning 1.0"
        case .henvisning11: "Henvisning 1.1"
        case .epikrise11: "Epikrise 1.1"
        case .epikrise12: "Epikrise 1.2"
        case .msgHead(let payload): "Hodemelding 1.2" + (payload.map { ", \(ShownText.free($0))" } ?? ", without payload")
        case .appRec10: "AppRec 1.0"
        case .appRec11: "AppRec 1.1"
        }
    }
}
