import Practice

/// What the node knows, of a message that one of its own desks made, and the document does not say. Nobody else sets it: what others
/// hand in is judged by what stands in it.
struct KnownSharing: Sendable, Hashable {
    /// In place of what the document's type says.
    var message: SharingMessage?
    /// What sender and receiver are, in place of what the registry says: who writes, or reads, in the family's mailbox.
    var sender: CareService?
    var receiver: CareService?
    /// The young person, who decides alone, wants the guardians to have it.
    var guardiansAreInvited = false
    /// Those among the copy receivers who referred the child.
    var referrers: Set<HERID> = []
    /// Its receiver learns nothing about anybody by it, so that there is nothing to ask.
    var tellsNothingNew = false

    /// A letter to one reader's own mailbox. What they may read follows from the child's age, at submission and again when it is sent.
    init(letterTo reader: LetterReader) {
        switch reader {
        case .adult, .youngWithGuardians, .youngAlone: self.init(message: .letter, receiver: .youngPerson)
        case .guardians: self.init(message: .letter, receiver: .guardian)
        case .invitedGuardians: self.init(message: .letter, receiver: .guardian, guardiansAreInvited: true)
        }
    }

    init(
        message: SharingMessage? = nil, sender: CareService? = nil, receiver: CareService? = nil,
        guardiansAreInvited: Bool = false, referrers: Set<HERID> = [], tellsNothingNew: Bool = false
    ) {
        (self.message, self.sender, self.receiver, self.referrers) = (message, sender, receiver, referrers)
        (self.guardiansAreInvited, self.tellsNothingNew) = (guardiansAreInvited, tellsNothingNew)
    }
}
