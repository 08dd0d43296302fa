/// `Ident`, or a pair of `Id` and `TypeId`: an identifier and the register it comes from.
public struct Identifier: Sendable, Hashable {
    public var value: String
    /// `TypeId`. A CV in MsgHead and Dialogmelding, a CS elsewhere.
    public var type: CodedValue

    public init(_ value: String, type: CodedValue) { (self.value, self.type) = (value, type) }

    /// HER-id of an organisation or a service, list 9051.
    public static func herID(_ value: String) -> Identifier { Identifier(value, type: OrganisationIDType.her.coded) }
    /// HER-id of a person, list 8116. Peers also send it with 9051; both are read.
    public static func personHERID(_ value: String) -> Identifier { Identifier(value, type: PersonIDType.her.coded) }
    /// Organisation number, nine digits, list 9051.
    public static func organisationNumber(_ value: String) -> Identifier { Identifier(value, type: OrganisationIDType.enh.coded) }
    /// HPR number of a healthcare professional, list 8116.
    public static func hpr(_ value: String) -> Identifier { Identifier(value, type: PersonIDType.hpr.coded) }

    /// The same with `TypeId` as CV: of the given list when it names none.
    func inList(_ number: Int) -> Identifier {
        guard type.list == nil else { return self }
        return Identifier(value, type: CodedValue(type.code, type.displayName, list: number, originalText: type.originalText))
    }

    /// The same with `TypeId` as CS.
    public var withoutList: Identifier { Identifier(value, type: type.withoutList) }
}

extension [Identifier] {
    /// The first value of that type code (`HER`, `ENH`, `HPR`, `FNR` …), whatever list it names.
    public func value(ofType code: String) -> String? { first { $0.type.code == code }?.value }
    public var herID: String? { value(ofType: OrganisationIDType.her.rawValue) }
    public var organisationNumber: String? { value(ofType: OrganisationIDType.enh.rawValue) }
    public var hpr: String? { value(ofType: PersonIDType.hpr.rawValue) }
    /// The first fødselsnummer, D-number, H-number or felles hjelpenummer.
    public var nationalIdentity: Identifier? {
        first { [PersonIDType.fnr, .dnr, .hnr, .fhn].map(\.rawValue).contains($0.type.code) }
    }
}
