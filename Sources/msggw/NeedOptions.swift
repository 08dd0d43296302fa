import ArgumentParser
import Gateway
import Practice

/// A receiver by what is needed, in place of its HER-id.
struct NeedOptions: ParsableArguments {
    @Option(
        name: .customLong("to-need"),
        help: ArgumentHelp(
            "What is needed, such as 'bup' or 'contact-point': the receiver is whoever meets it there. A Hodemelding without a receiver, and a report, get that one; a document that names another is refused. Why it is that one is told, and kept in the trail.",
            valueName: "need"))
    var need: String?
    @OptionGroup var place: PlaceOptions

    func validate() throws {
        let isPlaced = place.area != nil || place.isProtected
        guard (need != nil) == isPlaced, place.area == nil || !place.isProtected else {
            throw ValidationError("--to-need goes with --area NAME, or with --protected.")
        }
    }

    /// For a report, which the node addresses itself.
    var receiver: ReportSheet.Receiver? { need.map { .need($0, place.place) } }

    func address(on node: Node) throws -> NeedAddress? {
        guard let need else { return nil }
        let desk = RegistryDesk(store: node.store, settings: node.settings.registry, actor: .command())
        return try NeedAddress(
            need, for: place.place, on: DoorDay(inOsloAt: NodeClock.system.now()), in: DoorRegistry(try desk.book()))
    }
}
