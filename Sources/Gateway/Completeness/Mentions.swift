import Practice

/// By which words free text is found to answer a question. Stems: a word that begins with one of them counts.
enum Mentions {
    static let risk: [AnswerKey: [String]] = [
        .riskSuicide: ["selvmord", "suicid", "ta livet av", "dødsønske"],
        .riskSelfHarm: ["selvskad", "skade seg", "skader seg", "kutter seg", "kutting"],
        .riskViolence: ["vold ", "vold", "slår", "blir slått", "mishandl", "overgrep"],
        .riskSubstances: ["rus ", "rusmid", "ruser", "alkohol", "cannabis", "hasj"],
        .riskNeglect: ["omsorgssvikt", "bekymringsmelding", "bekymret for omsorgen", "bekymring for omsorgen", "god omsorg"],
    ]

    static let now: [AnswerKey: [String]] = [
        .onset: ["begynte", "startet", "debut", "oppsto", "siden", "gjennom ett", "det siste", "de siste", "siste år"],
        .severity: [
            "alvorlig", "daglig", "hver dag", "ukentlig", "ganger", "prosent", "ofte", "økende", "verre", "moderat", "av fem",
        ],
        .functionHome: ["hjemme", "hjemmet"],
        .functionSchool: ["skole", "barnehage", "klasse", "fravær"],
        .functionFriends: ["venn", "jevnaldr", "kamerat"],
        .sleepAppetite: ["søvn", "sover", "sovne", "appetitt", "spiser", "matlyst"],
    ]

    static let before: [AnswerKey: [String]] = [
        .hereditary: ["arv", "i familien", "i slekten", "mor har hatt", "far har hatt"],
        .effectSoFar: ["effekt", "virkning", "hjalp", "hjulpet", "bedring", "bedre"],
        .coordinator: ["koordinator", "individuell plan"],
        .household: ["søsken", "bror", "søster", "familien", "foreldrene bor", "hjemmene"],
    ]

    /// Looked for only where it is told what has been: what is asked for now has the same words.
    static let earlierAssessments = ["utred", "kartlag", "henvist tidligere"]

    static let wishes: [AnswerKey: [String]] = [
        .childsWish: [
            "barnet ønsker", "ønsker selv", "hun ønsker", "han ønsker", "jenta ønsker", "gutten ønsker", "hun vil", "han vil",
            "barnet vil",
        ],
        .guardiansWish: [
            "foreldrene ønsker", "foresatte ønsker", "mor ønsker", "far ønsker", "begge foreldre ønsker", "foreldrene vil",
        ],
        .expectedBenefit: ["nytte", "forventer", "mål", "mestre", "håper", "tilbake i", "tilbake til"],
    ]

    static let consentWay = ["muntlig", "skriftlig", "papir", "skjema", "innlogg", "konsultasjon", "telefon"]

    static let afterCare: [AnswerKey: [String]] = [
        .responsibleNext: ["ansvar", "følges opp av", "følger opp", "oppfølging hos", "overtar"],
        .crisisPlan: ["kriseplan", "mestringsplan"],
        .toldFamily: ["familien er informert", "foreldrene er informert", "informert", "gjennomgått med"],
        .consentGivenBy: ["samtykke", "samtykker", "sagt ja"],
        .recommendations: ["anbefal", "tilrår", "foreslår"],
    ]

    /// By which words an attachment's name tells what it is.
    static let attachments: [AnswerKey: [String]] = [
        .schoolReport: ["skole", "barnehage", "pedagogisk", "lærer"],
        .pptReport: ["ppt", "sakkyndig", "pedagogisk-psykologisk", "pedagogisk psykologisk", "pedagogisk rapport"],
        .testResults: ["test", "skjema", "spørreskjema", "spoerreskjema", "sdq", "wisc", "kartlegging"],
    ]
}
