/// A person's name in its parts. Documents that hold a name as one string fill `family` alone.
public struct PersonName: Sendable, Hashable {
    public var family: String?
    public var middle: String?
    public var given: String?

    public init(family: String? = nil, middle: String? = nil, given: String? = nil) {
        (self.family, self.middle, self.given) = (family, middle, given)
    }

    /// `Given Middle Family`.
    public var shown: String { [given, middle, family].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ") }
    public var isEmpty: Bool { shown.isEmpty }
}

/// `Address`: where someone lives or works.
public struct PostalAddress: Sendable, Hashable {
    /// List 3401.
    public var type: CodedValue?
    public var street: String?
    public var postalCode: String?
    public var city: String?
    public var postbox: String?
    public var county: CodedValue?
    public var country: CodedValue?

    public init(
        type: CodedValue? = nil, street: String? = nil, postalCode: String? = nil, city: String? = nil, postbox: String? = nil,
        county: CodedValue? = nil, country: CodedValue? = nil
    ) {
        (self.type, self.street, self.postalCode, self.city) = (type, street, postalCode, city)
        (self.postbox, self.county, self.country) = (postbox, county, country)
    }
}

/// `TeleCom`: a telephone number or another electronic address.
public struct Telecom: Sendable, Hashable {
    /// List 9061.
    public var type: CodedValue?
    /// `TeleAddress/@V`: `tel:+4722000000`, `mailto:…`. Peers also send the bare number.
    public var address: String

    public init(_ address: String, type: CodedValue? = nil) { (self.address, self.type) = (address, type) }

    /// `tel:` and the digits of a number as people write it.
    public static func telephone(_ number: String, _ kind: TelecomKind? = nil) -> Telecom {
        Telecom("tel:" + number.filter { $0.isASCII && ($0.isNumber || $0 == "+") }, type: kind?.simple)
    }
}
