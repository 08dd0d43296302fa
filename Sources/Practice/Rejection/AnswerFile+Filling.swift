/// What others know better than whoever wrote the file: the referral, the registry, the day.
extension AnswerFile {
    /// An answer in which nothing is said yet.
    public init(kind: Kind) { self.kind = kind }

    /// Decided on that day, and known to the family from then, where the file does not say when.
    public func decided(on today: LetterDay) -> AnswerFile {
        var file = self
        if kind == .forwarding {
            file.forwardedOn = file.forwardedOn ?? today
        } else {
            file.assessedOn = file.assessedOn ?? today
        }
        if var complaint {
            complaint.madeKnown = complaint.madeKnown ?? today
            file.complaint = complaint
        }
        return file
    }

    /// With a mark in brackets for each value that the referral gives, so that a letter can be looked at before there is one.
    public func withPlaceholders(on today: LetterDay) -> AnswerFile {
        var file = decided(on: today)
        file.child = file.child ?? "[barnet]"
        file.referrer = file.referrer ?? "[henviseren]"
        file.referral = file.referral ?? "[henvisningen]"
        file.unit = file.unit ?? Unit(name: "[enheten]")
        file.receivedOn = file.receivedOn ?? file.assessedOn ?? file.forwardedOn
        if kind == .forwarding { file.receiver = file.receiver ?? Unit(name: "[mottakeren]") }
        return file
    }
}

extension AnswerFile.Unit {
    public init(_ name: String, explanation: String? = nil) { (self.name, self.explanation) = (name, explanation) }
}

extension AnswerFile.Person {
    public init(_ name: String?, role: String?, phone: PhoneNumber?) {
        self.init(name: name, role: role, phone: phone, hours: nil)
    }
}

extension AnswerFile.Service {
    public init(_ name: String, what: String?, phone: PhoneNumber?) {
        self.init(name: name, what: what, phone: phone, address: nil)
    }
}
