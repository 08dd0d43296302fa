import Native

extension Certificate {
    /// The organisation number of the legal entity that the certificate was issued to: nine digits.
    ///
    /// It stands in one of four places. They are asked in this order, the most explicit first, and the first that answers
    /// counts:
    /// 1. organizationIdentifier (2.5.4.97), `NTRNO-<nine digits>`: SEID 2;
    /// 2. serialNumber (2.5.4.5), nine digits and nothing else: SEID 1. A personal certificate has an identifier of
    ///    another shape there (`UN:NO-…`), which is not taken;
    /// 3. organizationName (2.5.4.10), ending in `-<nine digits>`;
    /// 4. organizationalUnitName (2.5.4.11), ending in `-<nine digits>`.
    ///
    /// The unit comes last because it names the ``subUnitNumber`` where the number of the legal entity stands elsewhere. The
    /// same attribute twice with different numbers answers nothing.
    public var organisationNumber: String? {
        let subject = native.subject
        let places: [(type: String, read: (String) -> String?)] = [
            ("2.5.4.97", { Self.number($0, after: "NTRNO-") }),
            ("2.5.4.5", { Self.isNumber($0) ? $0 : nil }),
            ("2.5.4.10", Self.trailingNumber),
            ("2.5.4.11", Self.trailingNumber),
        ]
        for place in places {
            let numbers = Set(subject.values(place.type).compactMap(place.read))
            if numbers.count > 1 { return nil }
            if let number = numbers.first { return number }
        }
        return nil
    }

    /// The number at the end of organizationalUnitName: the sub-unit that the legal entity's certificate is for. It may
    /// differ from ``organisationNumber``.
    public var subUnitNumber: String? {
        let numbers = Set(native.subject.values("2.5.4.11").compactMap(Self.trailingNumber))
        return numbers.count == 1 ? numbers.first : nil
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 9 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func number(_ text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix) else { return nil }
        let rest = text.dropFirst(prefix.count)
        return isNumber(rest) ? String(rest) : nil
    }

    private static func trailingNumber(_ text: String) -> String? {
        guard text.utf8.count > 9, text.dropLast(9).hasSuffix("-") else { return nil }
        let end = text.suffix(9)
        return isNumber(end) ? String(end) : nil
    }
}
