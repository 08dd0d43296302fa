/// A number with its unit: the kith data type PQ.
public struct PhysicalQuantity: Sendable, Hashable {
    /// `V` as it stands in the document, so that `1.50` stays `1.50`.
    public var text: String?
    /// `U`.
    public var unit: String?

    public init(text: String?, unit: String? = nil) { (self.text, self.unit) = (text, unit) }

    public init(_ value: Double, unit: String? = nil) {
        self.init(text: value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value), unit: unit)
    }

    public var value: Double? { text.flatMap(Double.init) }
}
