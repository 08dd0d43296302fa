/// What a document can answer. The raw value is what checklist files say.
public enum AnswerKey: String, Sendable, Hashable, CaseIterable {
    // Who
    case childName = "barn.navn"
    case childNumber = "barn.nummer"
    case childBirthDate = "barn.fodselsdato"
    case childAddress = "barn.adresse"
    case childPhone = "barn.telefon"
    case guardians = "foresatte"
    case guardianPhones = "foresatte.telefon"
    case parentalResponsibility = "foreldreansvar"
    case dailyCare = "omsorg"
    case household = "familie"
    case language = "sprak.tolk"
    // Consent and wishes
    case consentGivenBy = "samtykke.hvem"
    case consentHow = "samtykke.hvordan"
    case childsWish = "barnets.syn"
    case guardiansWish = "foresattes.syn"
    // What is asked
    case request = "onske"
    case expectedBenefit = "nytte"
    case urgency = "hastegrad"
    // Now
    case symptoms = "symptomer"
    case onset = "symptomer.start"
    case severity = "symptomer.alvor"
    case functionHome = "fungering.hjemme"
    case functionSchool = "fungering.skole"
    case functionFriends = "fungering.venner"
    case sleepAppetite = "sovn.appetitt"
    // Risk
    case riskSuicide = "risiko.selvmord"
    case riskSelfHarm = "risiko.selvskading"
    case riskViolence = "risiko.vold"
    case riskSubstances = "risiko.rus"
    case riskNeglect = "risiko.omsorgssvikt"
    // Before
    case history = "tidligere.sykdom"
    case earlierAssessments = "tidligere.utredning"
    case medication = "legemidler"
    case hereditary = "arv"
    case bodilyStatus = "kroppslig"
    case triedSoFar = "provd"
    case effectSoFar = "provd.virkning"
    case contacts = "kontaktpersoner"
    case coordinator = "koordinator"
    case diagnosis = "diagnose"
    // Attached
    case schoolReport = "vedlegg.skole"
    case pptReport = "vedlegg.ppt"
    case testResults = "vedlegg.tester"
    // Sender
    case senderName = "avsender.navn"
    case senderPhone = "avsender.telefon"
    case senderNumber = "avsender.hpr"
    case replyAddress = "avsender.svaradresse"
    case copyReceivers = "kopi"
    // Discharge and reports
    case treatmentGiven = "behandling"
    case assessmentNow = "vurdering"
    case followUpPlan = "oppfolging"
    case responsibleNext = "oppfolging.ansvarlig"
    case crisisPlan = "kriseplan"
    case toldFamily = "familien.informert"
    case recommendations = "anbefalinger"
    case reportFile = "rapport"
}

/// What a document says to one question.
public enum DocumentAnswer: Sendable, Hashable {
    /// - Parameter place: where in the document it stands, as a reader would look for it: «Aktuell problemstilling».
    case given(String, place: String)
    /// Asked, and there is none: worth more than an empty field.
    case askedAndNone(place: String)
    /// The sender says why it is not known.
    case notKnown(reason: String)
    /// It does not concern this child.
    case notRelevant
}

/// A document that can be asked. Each kind of document gets an adapter of its own.
public protocol AnswerSource {
    func answer(to key: AnswerKey) -> DocumentAnswer?
}

/// Answers put together by hand: by an adapter, a form, a test.
public struct DocumentAnswers: AnswerSource, Sendable, Hashable {
    public var answers: [AnswerKey: DocumentAnswer]

    public init(_ answers: [AnswerKey: DocumentAnswer] = [:]) { self.answers = answers }

    public func answer(to key: AnswerKey) -> DocumentAnswer? { answers[key] }
}
