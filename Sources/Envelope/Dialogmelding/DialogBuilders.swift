/// The dialogs of HIS 1077, 1151 and 1152, each with the type, the version and the code list that its profile names.
extension MsgHead {
    /// A clinical question or answer about a patient. HIS 1077, Dialogmelding 1.1.
    public static func helsefagligDialog(
        _ heading: Heading, tema: HelsefagligTema, emne: String? = nil, text: String,
        roller: [RollerRelatertNotat] = [], attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try dialog(
            .dialogHelsefaglig, heading, .v11,
            Notat(temaKodet: tema.coded, tema: emne, tekst: RichText(text), roller: roller), attachments)
    }

    /// The receiver's answer to a referral, a rejection included. It refers to the referral, so a conversation is needed.
    ///
    /// - Parameter contact: whom the referrer may call; written with the role "Helsefaglig kontakt".
    public static func statusPaaHenvisning(
        _ heading: Heading, status: HenvisningStatus, text: String, contact: HealthcareProfessional? = nil,
        attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try statusPaaHenvisning(
            heading, status: status, text: text, reaching: contact.map { .professional($0) }, attachments: attachments)
    }

    /// The same with a contact who need not have a number in any register.
    public static func statusPaaHenvisning(
        _ heading: Heading, status: HenvisningStatus, text: String, reaching contact: RollerRelatertNotat.Who?,
        attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try requireConversation(heading)
        let roller = contact.map { [RollerRelatertNotat($0, roleToPatient: RoleToPatient.clinicalContact.coded)] }
        return try dialog(
            .dialogStatusHenvisning, heading, .v11,
            Notat(temaKodet: status.coded, tekst: RichText(text), roller: roller ?? []), attachments)
    }

    /// Tells the sender that a message went to the wrong place or cannot be judged. HIS 1151, Dialogmelding 1.0.
    public static func avviksmelding(
        _ heading: Heading, tema: AvvikTema, text: String, roller: [RollerRelatertNotat] = []
    ) throws(EnvelopeError) -> MsgHead {
        try requireConversation(heading)
        return try dialog(.dialogAvvik, heading, .v10, Notat(temaKodet: tema.coded, tekst: RichText(text), roller: roller), [])
    }

    /// A question between doctor and municipal care. HIS 1152, Dialogmelding 1.0.
    ///
    /// - Parameter type: out of ``ForesporselFraOmsorg`` or ``ForesporselFraLege``.
    public static func foresporsel(
        _ heading: Heading, type: some CodeList, text: String, urgency: Hastegrad? = nil, roller: [RollerRelatertNotat] = [],
        attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try requireText(text)
        let question = Foresporsel(
            type: type.coded, sporsmal: RichText(text), hastegrad: urgency?.simple, roller: roller)
        let message = MsgHead(
            .dialogForesporsel, heading, Dialogmelding(version: .v10, foresporsler: [question]), attachments: attachments)
        try message.check()
        return message
    }

    /// The answer to a ``foresporsel(_:type:text:urgency:roller:attachments:)``. HIS 1152, Dialogmelding 1.0.
    public static func svar(
        _ heading: Heading, tema: SvarTema, text: String, roller: [RollerRelatertNotat] = [], attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try requireConversation(heading)
        return try dialog(
            .dialogSvar, heading, .v10, Notat(temaKodet: tema.coded, tekst: RichText(text), roller: roller), attachments)
    }

    /// A note that expects no answer. Dialogmelding 1.0; still read everywhere, taken out of the newest profile.
    public static func notat(
        _ heading: Heading, tema: CodedValue, text: String, roller: [RollerRelatertNotat] = [], attachments: [Attachment] = []
    ) throws(EnvelopeError) -> MsgHead {
        try dialog(
            .dialogNotat, heading, .v10, Notat(temaKodet: tema, tekst: RichText(text), roller: roller), attachments)
    }

    private static func dialog(
        _ type: MessageType, _ heading: Heading, _ version: Dialogmelding.Version, _ notat: Notat, _ attachments: [Attachment]
    ) throws(EnvelopeError) -> MsgHead {
        try requireText(notat.tekst?.plain)
        let message = MsgHead(
            type, heading, Dialogmelding(version: version, notater: [notat]), attachments: attachments)
        try message.check()
        return message
    }

    private static func requireText(_ text: String?) throws(EnvelopeError) {
        guard text?.trimmed.isEmpty == false else {
            throw EnvelopeError(.documentIncomplete, reason: "a dialog without text says nothing", place: "Dialogmelding")
        }
    }

    private static func requireConversation(_ heading: Heading) throws(EnvelopeError) {
        guard heading.conversation != nil else {
            throw EnvelopeError(
                .documentIncomplete, reason: "it must refer to what it answers", place: "MsgHead/MsgInfo/ConversationRef")
        }
    }
}
