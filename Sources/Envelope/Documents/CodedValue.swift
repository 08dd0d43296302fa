/// A value out of a code list, as it stands in a document: the kith data types CS (`V`, `DN`) and CV (`V`, `S`, `DN`, `OT`).
///
/// Unknown codes are kept and shown, never refused: lists change more often than programs.
public struct CodedValue: Sendable, Hashable {
    /// `V`.
    public var code: String?
    /// `DN`, for people to read.
    public var displayName: String?
    /// `S`, the code list's OID. nil in a CS.
    public var list: String?
    /// `OT`, free text beside the code.
    public var originalText: String?

    /// A CS, or a CV when `list` or `originalText` is given.
    public init(_ code: String?, _ displayName: String? = nil, list: String? = nil, originalText: String? = nil) {
        (self.code, self.displayName, self.list, self.originalText) = (code, displayName, list, originalText)
    }

    /// A CV out of one of the national lists, `2.16.578.1.12.4.1.1.<list>`.
    public init(_ code: String?, _ displayName: String? = nil, list: Int, originalText: String? = nil) {
        self.init(code, displayName, list: Self.nationalLists + String(list), originalText: originalText)
    }

    /// Number of the national list, 8116 for `2.16.578.1.12.4.1.1.8116`; nil for lists from elsewhere.
    public var listNumber: Int? {
        guard let list, list.hasPrefix(Self.nationalLists) else { return nil }
        return Int(list.dropFirst(Self.nationalLists.count))
    }

    /// Whether `S` is written as the schemas want it: numbers parted by dots.
    var hasWellFormedList: Bool {
        guard let list else { return true }
        let parts = list.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    /// What to show a person: the display name, else the free text, else the code.
    public var shown: String? { [displayName, originalText, code].compactMap { $0 }.first { !$0.isEmpty } }

    /// The same code as CS, for documents whose schema has no place for the list.
    public var withoutList: CodedValue { CodedValue(code, displayName) }

    /// Arc under which the national code lists lie, with the last dot.
    public static let nationalLists = "2.16.578.1.12.4.1.1."
}

/// One national code list as a Swift type. The raw value is `V`; values outside ``names`` are as good as any other.
public protocol CodeList: RawRepresentable<String>, Sendable, Hashable {
    /// The list's number below ``CodedValue/nationalLists``.
    static var number: Int { get }
    /// Bokmål display names by code; what the standard prints as `DN`.
    static var names: [String: String] { get }
    init(rawValue: String)
}

extension CodeList {
    /// The code of a value read; nil when it has none, or names another national list.
    public init?(_ value: CodedValue?) {
        guard let value, let code = value.code, !code.isEmpty else { return nil }
        if let list = value.listNumber, list != Self.number { return nil }
        self.init(rawValue: code)
    }

    public var displayName: String? { Self.names[rawValue] }
    /// Whether the code is one this program has a name for.
    public var isKnown: Bool { Self.names[rawValue] != nil }
    /// As CV, with the list's OID.
    public var coded: CodedValue { CodedValue(rawValue, displayName, list: Self.number) }
    /// As CS, without it.
    public var simple: CodedValue { CodedValue(rawValue, displayName) }
}
