import Foundation

/// Abbreviations of one written form: those with full stops and what to write instead, and those of capital letters and what
/// they stand for.
struct Abbreviations: Sendable {
    /// From `bl.a.` to `blant annet`.
    let written: [String: String]
    /// Those after which a sentence may end.
    let mayEnd: Set<String>
    /// From `BUP` to its words.
    let known: [String: String]
    /// What everybody reads without help.
    let everyday: Set<String> = [
        "sms", "mms", "pdf", "tv", "ok", "pc", "eu", "usa", "nrk", "nav", "id", "co2", "ii", "iii", "iv", "vi", "vii", "viii",
        "ix",
    ]

    static func of(_ language: WrittenLanguage) -> Abbreviations {
        switch language {
        case .bokmal: bokmal
        case .nynorsk: nynorsk
        }
    }

    private static let bokmal = Abbreviations(dotted: dottedInBokmal, capitals: capitalsInBokmal)
    private static let nynorsk = Abbreviations(dotted: dottedInNynorsk, capitals: capitalsInNynorsk)

    /// Each line is `abbreviation = words`; a `+` before it says that a sentence may end with it.
    private init(dotted: String, capitals: String) {
        var (written, mayEnd): ([String: String], Set<String>) = ([:], [])
        for (name, words) in Self.pairs(dotted) {
            let isEnding = name.hasPrefix("+")
            let key = isEnding ? String(name.dropFirst()) : name
            written[key] = words
            if isEnding { mayEnd.insert(key) }
        }
        (self.written, self.mayEnd) = (written, mayEnd)
        known = Dictionary(Self.pairs(capitals)) { first, _ in first }
    }

    private static func pairs(_ table: String) -> [(String, String)] {
        table.split(separator: "\n").compactMap { line in
            guard let sign = line.range(of: " = ") else { return nil }
            return (String(line[..<sign.lowerBound]), String(line[sign.upperBound...]))
        }
    }

    private static let dottedInBokmal = """
        bl.a. = blant annet
        f.eks. = for eksempel
        dvs. = det vil si
        +osv. = og så videre
        +o.l. = og lignende
        +m.m. = med mer
        +mv. = med mer
        +m.v. = med mer
        +etc. = og så videre
        +m.fl. = med flere
        +o.a. = og annet
        evt. = eventuelt, eller
        ev. = eventuelt, eller
        ca. = omtrent
        jf. = se
        mht. = når det gjelder
        m.h.t. = når det gjelder
        ift. = i forhold til
        i.f.t. = i forhold til
        pga. = på grunn av
        p.g.a. = på grunn av
        vedr. = om
        ang. = om
        inkl. = med
        ekskl. = uten
        fr.o.m. = fra og med
        f.o.m. = fra og med
        t.o.m. = til og med
        t.d. = for eksempel
        d.d. = i dag
        d.å. = i år
        f.d. = tidligere
        p.t. = nå
        pt. = pasienten, eller nå
        nr. = nummer
        tlf. = telefon
        mob. = mobil
        kl. = klokka
        dr. = lege
        s. = side
        st. = antall
        avd. = avdeling
        adr. = adresse
        kap. = kapittel
        pkt. = punkt
        min. = minutter
        mnd. = måneder
        gj.snitt. = i snitt
        hhv. = i denne rekkefølgen
        iht. = etter
        ihht. = etter
        i.h.t. = etter
        ifm. = når, om
        i.f.m. = når, om
        mtp. = med tanke på
        ifbm. = når, om
        ifølg. = etter
        tidl. = tidligere
        gj.gått. = gjennomgått
        henv. = henvisning
        beh. = behandling
        us. = undersøkelse
        obs. = se etter
        diagn. = diagnose
        psyk. = psykisk
        foreløp. = foreløpig
        vs. = mot
        sml. = sammenlign
        max. = høyst
        maks. = høyst
        mill. = millioner
        postb. = postboks
        """

    private static let dottedInNynorsk = """
        bl.a. = mellom anna
        m.a. = mellom anna
        t.d. = til dømes
        f.eks. = til dømes
        dvs. = det vil seie
        +osv. = og så vidare
        +o.l. = og liknande
        +m.m. = med meir
        +mv. = med meir
        +m.fl. = med fleire
        +o.a. = og anna
        +etc. = og så vidare
        evt. = eventuelt, eller
        ev. = eventuelt, eller
        ca. = om lag
        jf. = sjå
        mht. = når det gjeld
        m.o.t. = når det gjeld
        ift. = i høve til
        pga. = på grunn av
        p.g.a. = på grunn av
        vedr. = om
        ang. = om
        inkl. = med
        ekskl. = utan
        fr.o.m. = frå og med
        f.o.m. = frå og med
        t.o.m. = til og med
        d.d. = i dag
        p.t. = no
        nr. = nummer
        tlf. = telefon
        kl. = klokka
        dr. = lege
        s. = side
        avd. = avdeling
        adr. = adresse
        kap. = kapittel
        pkt. = punkt
        min. = minutt
        mnd. = månader
        iht. = etter
        ifm. = når, om
        hhv. = i denne rekkjefølgja
        tidl. = tidlegare
        mill. = millionar
        """

    private static let capitalsInBokmal = """
        BUP = barne- og ungdomspsykiatrisk poliklinikk
        BUPA = barne- og ungdomspsykiatrisk avdeling
        ABUP = avdeling for barn og unges psykiske helse
        PPT = pedagogisk-psykologisk tjeneste
        DPS = distriktspsykiatrisk senter
        VOP = psykisk helsevern for voksne
        PHV = psykisk helsevern
        PHBU = psykisk helsevern for barn og unge
        TSB = behandling for rus og avhengighet
        HABU = habilitering for barn og unge
        BFT = barne- og familieteam
        BVT = barnevernstjenesten
        HFU = helsestasjon for ungdom
        RPH = rask psykisk helsehjelp
        FACT = team som hjelper unge der de er
        ADHD = vansker med uro og oppmerksomhet
        ADD = vansker med oppmerksomhet
        ASF = autismespekterforstyrrelse
        OCD = tvangslidelse
        PTSD = plager etter vonde opplevelser
        ARFID = å spise svært lite eller ensidig
        ODD = atferdsvansker
        CBT = kognitiv atferdsterapi
        KAT = kognitiv atferdsterapi
        DBT = dialektisk atferdsterapi
        EMDR = behandling for vonde minner
        SSRI = medisin mot angst og depresjon
        IP = individuell plan
        IOP = individuell opplæringsplan
        EPJ = elektronisk pasientjournal
        HPR = helsepersonellregisteret
        NPR = norsk pasientregister
        ICD = liste over diagnoser
        WISC = test av tenking og læring
        WPPSI = test av tenking og læring hos små barn
        BRIEF = skjema om planlegging og styring i hverdagen
        SDQ = skjema om styrker og vansker
        CGAS = mål på hvordan barnet fungerer
        GAF = mål på hvordan en person fungerer
        MR = bilder tatt med magnet
        EEG = måling av aktivitet i hjernen
        EKG = måling av hjertet
        SLT = samarbeid mot rus og kriminalitet
        PHT = psykisk helseteam
        UKT = ungdommens kriseteam
        AAT = team som hjelper raskt
        AMK = nødsentralen for helse
        """

    private static let capitalsInNynorsk = """
        BUP = barne- og ungdomspsykiatrisk poliklinikk
        PPT = pedagogisk-psykologisk teneste
        DPS = distriktspsykiatrisk senter
        VOP = psykisk helsevern for vaksne
        PHBU = psykisk helsevern for barn og unge
        TSB = behandling for rus og avhengnad
        HFU = helsestasjon for ungdom
        ADHD = vanskar med uro og merksemd
        ADD = vanskar med merksemd
        OCD = tvangsliding
        PTSD = plager etter vonde opplevingar
        IP = individuell plan
        EPJ = elektronisk pasientjournal
        HPR = helsepersonellregisteret
        AMK = naudsentralen for helse
        """
}
