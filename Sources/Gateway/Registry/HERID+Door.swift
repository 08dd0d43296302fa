import Foundation
import Practice

extension HERID {
    public init(_ door: DoorID) { value = door.description }
}

extension DoorID {
    /// The same number where doors are decided between.
    public init(_ herID: HERID) {
        // Both are 1 to 10 digits without a leading zero; a test holds them against one another.
        self = DoorID(herID.value)!
    }
}

extension DoorDay {
    public init(_ day: CivilDay) { self.init(number: Int32(clamping: day.number)) }

    /// The day that it is in Oslo.
    public init(inOsloAt time: Date) { self.init(OsloTime.day(of: time)) }

    /// Its first instant in UTC, as the registry's days have always counted.
    var start: Date { Date(timeIntervalSince1970: TimeInterval(number) * 86_400) }
}

extension CivilDay {
    public init(_ day: DoorDay) { self.init(number: Int(day.number)) }
}
