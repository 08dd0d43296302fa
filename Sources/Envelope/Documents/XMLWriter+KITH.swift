/// The kith data types, written as every one of the national schemas wants them. A nil value writes nothing.
extension XMLWriter {
    /// CS: `V`, `DN`.
    mutating func cs(_ name: String, _ value: CodedValue?) {
        guard let value else { return }
        element(name, [("V", value.code), ("DN", value.displayName)])
    }

    /// CV: `V`, `S`, `DN`, `OT`.
    mutating func cv(_ name: String, _ value: CodedValue?) {
        guard let value else { return }
        element(name, [("V", value.code), ("S", value.list), ("DN", value.displayName), ("OT", value.originalText)])
    }

    /// TS: the time in `V`.
    mutating func ts(_ name: String, _ time: DocumentTime?) {
        guard let time else { return }
        element(name, [("V", time.text)])
    }

    /// `TeleAddress` and whatever else is a URL: the address in `V`.
    mutating func url(_ name: String, _ address: String?) {
        guard let address else { return }
        element(name, [("V", address)])
    }

    /// `Base64Container` with the bytes.
    mutating func base64Container(_ bytes: [UInt8]) {
        element("Base64Container", [("xmlns", Base64Container.namespace)]) { $0.raw(Base64Container.encode(bytes)) }
    }
}
