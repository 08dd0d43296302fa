/// Who sends or receives a document, in the two levels of service-based addressing: the legal unit, and in it a service or
/// a person.
///
/// Names are for people to read. Only ``communicationHERID`` addresses anything.
public struct AddressPath: Sendable, Hashable {
    /// A legal unit, or a service of one.
    public struct Unit: Sendable, Hashable {
        public var name: String?
        public var identifiers: [Identifier]

        public init(_ name: String?, _ identifiers: [Identifier]) { (self.name, self.identifiers) = (name, identifiers) }

        public var herID: String? { identifiers.herID }
        public var organisationNumber: String? { identifiers.organisationNumber }
    }

    /// A person with an address of their own, such as a fastlege with a list.
    public struct Person: Sendable, Hashable {
        /// As one string, the way it is shown.
        public var name: String?
        public var identifiers: [Identifier]
        /// List 9034; nil where the document has no place for it.
        public var roleToPatient: CodedValue?

        public init(_ name: String?, _ identifiers: [Identifier], roleToPatient: CodedValue? = nil) {
            (self.name, self.identifiers, self.roleToPatient) = (name, identifiers, roleToPatient)
        }

        public var herID: String? { identifiers.herID }
        public var hpr: String? { identifiers.hpr }
    }

    /// Level 1.
    public var organisation: Unit
    /// Level 2, when it is a service.
    public var service: Unit?
    /// Level 2, when it is a person; beside a service: the contact in it.
    public var person: Person?

    public init(_ organisation: Unit, service: Unit? = nil, person: Person? = nil) {
        (self.organisation, self.service, self.person) = (organisation, service, person)
    }

    /// The HER-id that is looked up, and whose certificate is used: that of level 2 if there is one, else of level 1.
    /// A service goes before a person.
    public var communicationHERID: String? { service?.herID ?? person?.herID ?? organisation.herID }
    public var organisationNumber: String? { organisation.organisationNumber }

    /// For people: `organisation, service or person`.
    public var shown: String {
        [organisation.name, service?.name, person?.name].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension AddressPath {
    /// Refuses an address that two readers could understand differently: two HER-ids, or two organisation numbers, of one
    /// unit or person.
    func checkUnambiguous(at place: String) throws(EnvelopeError) {
        for identifiers in [organisation.identifiers, service?.identifiers ?? [], person?.identifiers ?? []] {
            try identifiers.checkUnambiguous([.her, .enh], at: place)
        }
    }
}

extension [Identifier] {
    fileprivate func checkUnambiguous(_ types: [OrganisationIDType], at place: String) throws(EnvelopeError) {
        for type in types { try checkUnambiguous(type.rawValue, at: place) }
    }

    /// Refuses two different values of one type.
    func checkUnambiguous(_ type: String, at place: String) throws(EnvelopeError) {
        guard Set(lazy.filter { $0.type.code == type }.map(\.value)).count <= 1 else {
            throw EnvelopeError(.documentMalformed, reason: "two different identifiers of type \(type)", place: place)
        }
    }
}
