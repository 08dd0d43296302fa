/// Names and words the name scanner knows. Lists of our own making, from what people in Norway are called; not a register.
enum NameLists {
    static let given = set(
        """
        aaron abdi abdul abdullah abdirahman adam adrian agnes agnethe ahmad ahmed aina aisha aksel albert aleksander alexander
        alexandra alf alfred ali alice alida alma alva amalie amanda amar amelia amin amina amir amira amund ana anders andrea
        andreas andrine ane anette angelica anita anja ann anna anne anniken annika ansgar anton are ariana arian arild arne aron
        arthur arvid asbjørn asgeir asha ask aslak asta astrid atle aud audun august aurora axel ayaan ayan aya ayla ayub bahar
        bendik benedikte benjamin bente berit bernt birgit birgitte birk bjarne bjørg bjørn bjørnar bo brage britt brita børge
        bård camilla carina carl carmen caroline casper cathrine cecilie charlotte chris christian christina christine
        christoffer cornelia dag dagfinn dagny dan daniel daniela david dennis dina dorthe ebba edda edvard edvin egil eileen
        einar eir eira eirik eirin eivind elena eli elias elif elin eline elisa elisabeth ella elle ellen ellinor elsa else elvira
        embla emil emilia emilie emily emma emre endre enya erik erika erlend erle erling ester estrid eva even evy fadumo
        farah farhan faris fatima fatma fatemeh fawad felix ferdinand filip finn fredrik fredrikke freya frida fride frode gabriel
        geir georg gina gisle gitte gjermund glenn grete grethe gro gry gunn gunnar gunhild gustav guro haakon hadi hailey
        hakon halima hallvard halvor hamza hana hanna hannah hanne hans harald hassan hasan hauk hawa hedda hedvig heidi
        helena helene helga helge henning henriette henrik henry herman hermine hilda hilde hilmar hodan hugo huda husein
        hussein håkon håvard ibrahim ida idris idun ifrah iben iman ina inga inge ingeborg inger ingrid ingunn ingvild irene iris isa
        isabel isabella isabelle isak iselin ismail ivar iver jacob jakob jakub jamal james jan janne jannicke jannik jasmin jelena jennifer
        jenny jens jesper jo joachim joakim joar johan johanna johanne johannes john jon jonas jonathan jorunn josef josefine
        joseph julia julian julie julius june jørgen jørn kai kaia kaja kamilla karen kari karianne karim karin karina karl karoline
        kasper katarina kathrine katinka katja katrine kevin khadija khalid kian kim kine kirsten kirsti kjell kjersti kjetil klara
        klaus knut konrad kristian kristin kristina kristine kristoffer kåre lara lars laura lea leah leif leila lena leo leon leonora
        leyla liam lilja lill lilly lily lin lina linda line linn linnea liv liva live liza lone lotte louise lucas ludvig luis luka lukas
        luna lukasz lykke mads magdalena magne magnhild magnus mahad mahmoud mai maia maja malak malene malik malin mari maria
        mariam marianne marie mariell marielle marit marius mark markus marta marte martha marthe martin martine maryam
        mateo mateusz mathea mathias mathilde matias matilde max may mehmet melina melissa merete mette mia michael michelle
        mie mikael mikkel mikolaj mila milan milla mina mira miriam mohamed mohammad mohammed mohamud mona monica monika
        morten muhammad muna mustafa myra nadia najma naomi natalia natalie nathan nathaniel nicolai nicolas niklas nikolai nils nina noah
        noel noor nora norah norunn odd oda oddvar odin ola olaf olav ole oliver olivia olivier omar omer orjan oscar oskar osman
        othilie otto patrick patryk paul pauline peder pedro per pernille peter petra petter phillip pia piotr preben pål rachel ragna
        ragnhild ragnar rakel ramin randi rania rasmus rayan rebecca rebekka reidar reidun reza ricardo rikke rita roar robert robin roger
        rolf ronja ronny rose roy ruben rune runa ruth ryan saad saga sahra salma samira samuel sander sandra sanna sara sarah
        sebastian selma senait serina sharif shirin signe sigrid sigurd sigve silje silvia simen simon sina sindre siri siril siv sivert
        snorre sofia sofie sol solveig sondre sonja sophia sophie stein steinar stella stian stig stina stine storm sturla sultan
        sumaya sunniva susanne svein sven sverre synne synnøve syver sylvia tale tara tarik tarjei terese terje thea theo theodor
        therese thomas thor thora thorvald tilde tilla tim tina tiril tobias tom tommy tone tonje tor tora torbjørn tord tore torgeir
        torill torstein torunn tove trine trond truls trygve trym tuva ulf ulrik ulrikke unn une unni vanessa vebjørn vegard vera
        veronica vetle victor victoria vida vidar viktor viktoria vilde vilja viljar vilma vincent vivian vår wenche wilhelm wiktoria
        willem william yahya yasin yasmin ylva yngve younes yousef yusra yusuf yvonne zahra zain zainab zakaria zara zofia
        zoya øivind ørjan øystein øyvind åge ågot ålaug åse åshild åsmund åsne
        """)

    static let family = set(
        """
        aas aase aasen abdi abdullahi abrahamsen adan aden ahmed ahmad ali alnæs amundsen andersen andersson andreassen antonsen
        arnesen arntzen aune axelsen baker bakke bakken bakkelund bech berg berge bergersen berggren bergsen berntsen birkeland
        bjerke bjerkan bjørge bjørnstad borge borgen bratli brekke brekken bråten bråthen bugge bye bø bøe carlsen christensen
        christiansen christoffersen clausen dahl dahle dahlen danielsen danser davidsen edvardsen egeland eide eikeland ellefsen
        ellingsen eng engebretsen engen enger eriksen evensen falk farah finstad fjeld fjeldstad fjellheim fosse foss fossum
        fredriksen frantzen gabrielsen gjerde gjertsen grande grønli gulbrandsen gullbrandsen gundersen gustavsen haga hagen
        hagene hansen hanssen halvorsen hammer hammersmark hamre hansson hassan haug hauge haugen haugland hegge helgesen helland
        henriksen hermansen hjelle hoel hoff hofstad holen holm holmen holmberg holt holte hovland huse hussain husby hussein håland
        ibrahim isaksen iversen jacobsen jakobsen jama jansen janssen jensen jenssen jespersen johannessen johansen johnsen
        jonassen jørgensen kaspersen khan kleven klausen knudsen knutsen kolstad kowalski kristensen kristiansen kristoffersen
        krogh kvale kvamme land langeland larsen larssen lie lien lind linde lund lunde løken lorentzen madsen malik marthinsen
        martinsen mathisen mathiesen melby mikkelsen moe moen mohamed mohammad mohammed monsen mortensen myhre myhren myklebust
        myrvold nguyen næss nes ness nielsen nikolaisen nilsen nilssen nordby nordli nordmann norberg nowak nygård nygaard
        nymoen olsen olafsen omar osman olaussen paulsen pedersen pettersen petersen prestegård ramberg rasmussen reinertsen
        riise rognstad rolfsen rosenberg ruud rustad rød røed rønning sandberg sandnes sandvik sand samuelsen schmidt seland
        selmer simensen simonsen singh sivertsen skaar skoglund skogen skjelbred sletten smith solbakken solberg solheim solli solvang
        steen stene stenersen stokke strand strøm strømme sunde sundby svendsen svensen svenson syversen syvertsen sæther sætre
        sørensen sørli tangen thomassen thoresen thorsen tangen teigen tran tveit tvedt tørresen ulriksen vang vik vike viken
        vold wang warsame watne wiik wilhelmsen yilmaz yusuf øien ødegård ødegaard østby østli østen aamodt åsen
        """)

    /// Names that are words as well. Alone, and where a sentence begins, they say nothing.
    static let ambiguous = set(
        """
        bo even liv mai vår dag stein bjørn odd tor rose sol unn siv gry ask storm lill are per tim gro dina live jo april august
        jan tone hans iver inge eli else may tale ask roy brage runa saga luna stella lin lykke une max kim finn mark arthur mari
        line magne tora myra ann stig tom sander eng berg lie moen bakke bakken lund holm strand vik hagen nes sand lien foss haugen
        haug land hammer holt engen bye bø fosse rød vang steen grande skogen teigen viken kvale aas åsen huse falk lind linde
        borge sunde strøm sletten stokke haga enger tangen solvang fjeld eide eir trym vida hauk birk
        """)

    /// Capitalised words that are no names of persons.
    static let known = set(
        """
        bup ppt nav oslo norge norsk bydel sagene bjerke frogner grünerløkka alna grorud stovner østensjø nordstrand nordre søndre
        gamle vestre aker ullern hanshaugen sentrum marka nic waals institutt statsforvalteren barnevernet barneverntjenesten
        helsestasjonen skolehelsetjenesten fastlegen legevakten ullevål rikshospitalet ahus lovisenberg diakonhjemmet radiumhospitalet
        sykehus universitetssykehus helse jeg vi du han hun de det den dette mor far foreldre foreldrene barnet gutten jenta
        pasienten wisc wais ados adhd add ptsd ocd sdq asd vineland conners raven wechsler asperger tourette down ritalin
        concerta strattera medikinet sertralin melatonin circadin fluoksetin kiddie sads brief cbcl basc abas icd icpc
        europa afrika asia somalia syria polen eritrea ukraina irak iran afghanistan pakistan tyrkia sverige danmark vietnam
        tigrinja internett snapchat tiktok instagram minecraft fortnite roblox discord youtube facebook playstation jul påske
        hei hilsen mvh takk vennlig kjære henvisning epikrise vurdering tiltak bakgrunn konklusjon oppsummering sammendrag
        familie skole hjem helsesykepleier rektor psykolog kommunen kommune fylke avdeling seksjon poliklinikk tlf
        mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar mars april juni juli august september oktober november
        desember jul påske pinse ramadan id sommer høst vinter vår advent nyttår halloween
        nord sør øst vest østlandet vestlandet sørlandet trøndelag nordland finnmark troms akershus viken innlandet vestfold telemark
        agder rogaland vestland møre romsdal bergen trondheim stavanger kristiansand drammen tromsø bodø bærum asker lillestrøm
        lørenskog tøyen grønland majorstuen grefsen torshov holmlia furuset romsås ammerud manglerud lambertseter skøyen røa
        sandvika ullern vålerenga kampen london paris berlin roma madrid warszawa krakow københavn stockholm helsinki istanbul
        bagdad damaskus kabul mogadishu nairobi asmara kyiv beirut teheran hanoi manila new york usa kina india russland tyskland
        frankrike spania italia hellas england storbritannia irland nederland belgia østerrike sveits portugal romania bulgaria
        ungarn tsjekkia kroatia serbia bosnia kosovo albania litauen latvia estland finland island thailand filippinene brasil chile
        colombia mexico libanon jordan palestina israel egypt marokko algerie tunisia libya sudan etiopia kenya uganda kongo nigeria
        ghana gambia senegal tsjetsjenia kurdistan sri lanka bangladesh nepal japan korea australia
        leiter bayley nepsy adi rcads caps hamilton beck achenbach peabody reynell rey tavle wppsi cgas honosca cpt eeg mr ct
        crohn crohns bechterew bechterews parkinson alzheimer alzheimers rett angelman prader willi turner klinefelter hashimoto
        addison cøliaki sars covid korona ibux paracet aripiprazol abilify risperdal risperidon quetiapin seroquel cipralex
        escitalopram zoloft elvanse metylfenidat atomoksetin guanfacin intuniv atarax vallergan truxal
        lego disney netflix pokemon barbie spotify google apple iphone ipad teams zoom messenger whatsapp facetime twitch reddit
        kygo snap rema kiwi coop ikea
        barnekonvensjonen grunnloven barneloven straffeloven forvaltningsloven opplæringslova barnevernsloven stortinget kongen statped
        individuell plan opplæringsloven helsepersonelloven udir helsedirektoratet folkehelseinstituttet kode phbu
        """)

    /// After one of these comes a name, whatever it looks like.
    static let nameCues: Set<String> = ["heter", "hete", "het", "kalles", "kalt", "navn", "navnet", "kallenavn", "fullt"]

    /// After one of these a capitalised word is a name.
    static let titles = set(
        """
        lærer læreren kontaktlærer kontaktlæreren rektor assistenten lege legen fastlege fastlegen dr overlege psykolog psykologen
        saksbehandler saksbehandleren helsesykepleier mor far moren faren mamma pappa søster søsteren bror broren lillebror
        storebror lillesøster storesøster tante onkel farfar farmor mormor morfar bestemor bestefar stefar stemor fostermor
        fosterfar hilsen mvh venn vennen venninne venninnen kompis kompisen kjæreste kjæresten frøken herr fru gutten jenta pasient pasienten barnet eleven
        tvillingbror tvillingsøster fetter kusine nabo naboen trener treneren avdelingsleder miljøterapeut barnevernspedagog datter datteren sønn sønnen
        """)

    private static func set(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }
}
