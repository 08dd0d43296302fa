import ArgumentParser
import Gateway
import Practice

/// A receiver by what is needed, in place of its HER-id.
struct NeedOptions: ParsableArguments {
    @Option(
        name: .customLong("to-need"),
        help: ArgumentHelp(
            "What is needed, such as 'bup' or 'contact-point': the document must name the receiver that meets it there. Why it is that one is told, and kept in the trail.",
            valueName: "need"))
    var need: String?
    @OptionGroup var place: PlaceOptions

    func validate() throws {
        let isPlaced = place.area != nil || place.isProtected
        guard (need != nil) == isPlaced, place.area == nil || !place.isProtected else {
            throw ValidationError("--to-need goes with --area NAME, or with --protected.")
        }
    }

    func address(on node: Node) throws -> NeedAddress? {
        guard let need else { return nil }
        let desk = RegistryDesk(store: node.store, settings: node.settings.registry, actor: .command())
        return try NeedAddress(
            need, for: place.place, on: DoorDay(inOsloAt: NodeClock.system.now()), in: DoorRegistry(try desk.book()))
    }
}
