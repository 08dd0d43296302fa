/// Everything that our file format holds, read and not yet indexed. Several files make one book.
public struct DoorBook: Sendable {
    public var doors: [Door] = []
    /// The agreements, as they were written: others read them.
    public var agreements: [RegistryNode] = []
    public var geography: Geography
    public var rules: [NeedRule] = []
    public var catchments: [Catchment] = []
    public var vocabulary = Vocabulary(terms: [])
    public var offers: [ServiceOffer] = []
    public var deputies: [DeputyLine] = []
    public var description: String?

    public init(doors: [Door] = []) {
        self.doors = doors
        // No areas: nothing that could be wrong.
        geography = Geography.empty
    }
}
