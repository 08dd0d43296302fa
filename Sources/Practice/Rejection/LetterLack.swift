/// What a letter lacks so that it cannot be made. Each says what is missing and what to do, to the clinician who writes it.
public enum LetterLack: String, Sendable, Hashable, CaseIterable, Codable {
    case unit, child, referral, receivedOn, contact, contactNumber
    case ground, wrongAddressee, tooLittleInformation, reason, reasonTooShort, considered, assessor, assessedOn, adviceToReferrer
    case familySteps, nextHolder, complaintRight, complaintAddress, ombud, wrongComplaintRule, deadlineBeforeDecision
    case responsible, responsibleNumber, expectedCourse, firstTime, receiver, forwardingReason
    case reader, tooHardToRead

    /// The least a reason may be, in letters and digits: shorter ones explain nothing.
    public static let shortestReason = 40

    public var what: String { texts.what }
    public var remedy: String { texts.remedy }

    private var texts: (what: String, remedy: String) {
        switch self {
        case .unit, .child, .referral, .receivedOn, .contact, .contactNumber, .reader, .tooHardToRead: ofEveryLetter
        case .responsible, .responsibleNumber, .expectedCourse, .firstTime, .receiver, .forwardingReason: ofOtherAnswers
        default: ofRejection
        }
    }

    private var ofEveryLetter: (String, String) {
        switch self {
        case .unit: ("Enheten som svarer, mangler.", "Skriv navnet på enheten.")
        case .child: ("Navnet på barnet mangler.", "Skriv fornavnet slik det skal stå i brevet.")
        case .referral: ("Det står ikke hvilken henvisning svaret gjelder.", "Velg henvisningen og hvem som sendte den.")
        case .receivedOn: ("Det står ikke når henvisningen kom.", "Skriv dagen den ble mottatt.")
        case .contact: ("Kontaktperson mangler.", "Skriv navnet på en som familien kan ringe.")
        case .contactNumber:
            ("Kontaktpersonen har ikke et direkte nummer.", "Skriv et nummer som går til personen, ikke til et sentralbord.")
        case .reader: ("Ingen kan få brevet.", "Avtal hvem som skal få det, for eksempel verge eller barnevernet.")
        default: ("Brevet er for tungt å lese.", "Rett det som er merket «må», eller skriv hvorfor det likevel skal sendes.")
        }
    }

    private var ofRejection: (String, String) {
        switch self {
        case .ground: ("Det er ikke valgt hvorfor svaret er nei.", "Velg en grunn fra listen.")
        case .wrongAddressee:
            ("Feil adressat er ikke et avslag.", "Send henvisningen videre til rett sted (kode 3). Da løper fristen videre.")
        case .tooLittleInformation:
            ("For lite opplysninger er ikke et avslag.", "Be henviseren om det som mangler (avviksmelding, kode 2).")
        case .reason: ("Begrunnelsen mangler.", "Forklar hvorfor, for dette barnet og denne henvisningen.")
        case .reasonTooShort:
            ("Begrunnelsen er for kort.", "Skriv minst \(Self.shortestReason) tegn om dette barnet og denne henvisningen.")
        case .considered: ("Det står ikke hva som er vurdert.", "Før opp henvisningen og vedleggene som er lest.")
        case .assessor: ("Det står ikke hvem som har vurdert.", "Skriv navn og yrke.")
        case .assessedOn: ("Det står ikke når henvisningen ble vurdert.", "Skriv dagen. Den kan ikke være før henvisningen kom.")
        case .adviceToReferrer:
            ("Råd til henviseren mangler.", "Skriv hva legen kan gjøre nå, og når det er rett å henvise igjen.")
        case .familySteps:
            ("Det står ikke hva familien kan gjøre nå.", "Skriv minst ett steg, eller velg tjenester i bydelen.")
        case .nextHolder: ("Det står ikke hvem som har ansvaret videre.", "Skriv hvem og hva de gjør.")
        case .complaintRight: ("Klageretten mangler.", "Velg regelen for klage og dagen familien får brevet.")
        case .complaintAddress:
            ("Det står ikke hvor klagen skal sendes.", "Skriv adressen til enheten og hvem som avgjør klagen.")
        case .ombud: ("Pasient- og brukerombudet mangler.", "Skriv telefonnummeret.")
        case .wrongComplaintRule:
            ("Klageregelen gjelder ikke for den som svarer.", "Velg regelen for helse eller for skole og PPT.")
        default: ("Klagefristen begynner før svaret er gitt.", "Skriv dagen familien får brevet.")
        }
    }

    private var ofOtherAnswers: (String, String) {
        switch self {
        case .responsible: ("Ansvarlig behandler mangler.", "Skriv navn og yrke.")
        case .responsibleNumber:
            ("Ansvarlig behandler har ikke et direkte nummer.", "Skriv et nummer som går til personen, ikke til et sentralbord.")
        case .expectedCourse: ("Det står ikke hvor lenge og hvor ofte.", "Skriv omtrent hvor mange uker og hvor tett.")
        case .firstTime: ("Det står ikke når hjelpen begynner.", "Skriv dag og klokkeslett, eller senest hvilken dag.")
        case .receiver: ("Det står ikke hvor henvisningen er sendt.", "Velg stedet, med telefonnummer.")
        default: ("Det står ikke hvorfor henvisningen er sendt videre.", "Skriv grunnen i én setning.")
        }
    }
}

/// A letter that cannot be made, with everything that is missing at once.
public struct LetterRefusal: Error, Sendable, Hashable {
    public let lacks: [LetterLack]

    public init(_ lacks: [LetterLack]) { self.lacks = lacks }

    /// One line for each thing missing. Says nothing of the child or of what was written.
    public var description: String { lacks.map { "\($0.what) \($0.remedy)" }.joined(separator: "\n") }

    static func check(_ lacks: [LetterLack]) throws(LetterRefusal) {
        if !lacks.isEmpty { throw LetterRefusal(lacks) }
    }
}

extension LetterRefusal: CustomStringConvertible {}
