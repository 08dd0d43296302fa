/// The answer to "which door": the door or why there is none, and every step that led there.
public struct Resolution: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case found(DoorID)
        /// More than one fits and nothing chooses between them. Nobody is chosen.
        case several([Candidate])
        /// One fits, but not for all of the area that was asked about.
        case partly(DoorID, uncovered: [AreaID])
        case none(Absence)
        /// What fits is no longer valid.
        case expired(DoorID, lastDay: DoorDay?)
        /// What fits is not valid yet.
        case notYet(DoorID, firstDay: DoorDay?)
        /// The name of the place means more than one area.
        case placeUnclear([AreaID])
        /// The address is protected: nothing is looked up by place.
        case protected
    }

    public struct Candidate: Sendable, Hashable {
        public let door: DoorID
        /// The pieces of the area asked about that it is for.
        public let atoms: [AreaID]
    }

    public enum Absence: String, Sendable, Hashable, CaseIterable {
        case unknownNeed, unknownPlace, noPlace, noService, noCatchment, noGP, gpNotAsked, gpNotRegistered, gpIsNoPerson
    }

    /// One step, with what it rests on.
    public enum Reason: Sendable, Hashable {
        case place(AreaID)
        /// The area has ended; what it was belongs to these now.
        case areaEnded(AreaID, lastDay: DoorDay, now: [AreaID], reform: String?)
        case catchment(DoorID, covers: AreaID)
        case ownArea(DoorID, AreaID)
        case serviceType(DoorID, DoorCode)
        case narrower(DoorID, than: [DoorID])
        /// Left out: not valid on that day.
        case leftOut(DoorID, DoorPeriod)
        case inactive(DoorID)
        /// Left out: its area has ended and the new one has a door.
        case replaced(DoorID, by: [DoorID])
        /// Its area has ended, and no door of the new area is registered: kept so that nothing is lost.
        case keptForLackOfSuccessor(DoorID)
        case assigned(DoorID)
    }

    public let need: Need
    public let day: DoorDay
    public let outcome: Outcome
    public let why: [Reason]

    public var door: DoorID? {
        guard case .found(let door) = outcome else { return nil }
        return door
    }
}
