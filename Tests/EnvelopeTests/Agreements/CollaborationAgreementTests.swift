import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Real agreements and profiles", .enabled(if: Repository.shared != nil, "the shared samples are not beside the checkout"))
struct RealAgreementTests {
    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: #require(Repository.shared("standards/transport-samples/cpa/\(name).xml"))))
    }

    @Test("NAV's agreement says who may send what, where to and with which certificates") func nav() throws {
        let agreement = try CollaborationAgreement(parsing: Self.bytes("nav-qass-35065.2023"))
        #expect(agreement.cpaID == "nav:qass:35065" && agreement.status == "proposed")
        #expect(agreement.parties.map(\.herID) == ["8141253", "79768"])
        let message = try SavedMessageTests.read("01-smtp-payload-speare/message.eml").unverified()
        let header = message.claimedHeader
        #expect(agreement.isInForce(at: header.messageData.timestamp.date))
        #expect(!agreement.isInForce(at: Date(timeIntervalSince1970: 1_780_272_000)))
        let terms = try #require(agreement.terms(for: header))
        #expect(terms.endpoint == .mail(address: "mottak-qass@test-es.nav.no"))
        #expect(terms.signingCertificate == (try message.claimedCertificate()))
        #expect(terms.encryptionCertificate != terms.signingCertificate && terms.encryptionCertificate != nil)
        #expect(terms.receiving.isEncrypted == true && terms.receiving.isCompressed == true)
        let channel = try #require(terms.sending.channel)
        #expect(channel.retries == 4 && channel.retryInterval == .seconds(43_200) && channel.persistDuration == .seconds(345_600))
        #expect(channel.ackRequested == "always" && channel.syncReplyMode == "none")
        #expect(channel.signatureAlgorithm == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    }

    @Test("a message that was not agreed on is not covered") func uncovered() throws {
        let agreement = try CollaborationAgreement(parsing: Self.bytes("nav-qass-35065.2023"))
        let header = try SavedMessageTests.read("01-smtp-payload-speare/message.eml").unverified().claimedHeader
        for change: @Sendable (inout MessageHeader) -> Void in [
            { $0.action = "Svarmelding" }, { $0.service = Service("X") }, { $0.cpaID = "nav:qass:1" },
            { $0.from.role = "KontrollUtbetaler" },
            { swap(&$0.from, &$0.to) }, { $0.from = Party(her: "1", role: nil) }, { $0.to = $0.from },
        ] {
            var changed = header
            change(&changed)
            #expect(!agreement.allows(changed))
        }
        var lower = header
        (lower.action, lower.from.role) = (header.action.lowercased(), nil)
        #expect(agreement.allows(lower))
    }

    @Test(
        "every agreement is read, whatever its schema says",
        arguments: [
            ("nav-qass-35065.2023", 4), ("nav-qass-31162", 4), ("helsenorge-CPA_49391409", 28), ("helsenorge-CPA_Rest_93252", 28),
        ])
    func agreements(name: String, roles: Int) throws {
        let agreement = try CollaborationAgreement(parsing: Self.bytes(name))
        #expect(agreement.parties.flatMap(\.roles).count == roles)
        for role in agreement.parties.flatMap(\.roles) {
            #expect(role.encryptionCertificate != nil)
            for action in role.canSend + role.canReceive {
                #expect(action.channel?.endpoint != nil && action.channel?.signingCertificate != nil)
            }
        }
        let keys = agreement.parties.map { $0.roles[0].encryptionCertificate }
        #expect(keys[0] != keys[1])
    }

    @Test("every profile is read", arguments: ["helsenorge-CPP_93238", "helsenorge-CPP_Rest_93238"])
    func profiles(name: String) throws {
        let profile = try CollaborationProfile(parsing: Self.bytes(name))
        #expect(profile.party.herID == "93238" && !profile.party.roles.isEmpty)
        #expect(throws: EnvelopeError(.agreementMalformed, reason: "")) { try CollaborationAgreement(parsing: Self.bytes(name)) }
    }
}

@Suite("Agreements that are odd")
struct OddAgreementTests {
    static func agreement(_ change: (String) -> String = { $0 }) -> [UInt8] {
        func party(_ her: String) -> String {
            """
            <c:PartyInfo c:partyName="P"><c:PartyId c:type="HER">\(her)</c:PartyId><c:CollaborationRole>
            <c:Role c:name="R"/><c:ServiceBinding><c:Service>S</c:Service><c:CanSend><c:ThisPartyActionBinding c:action="A">
            <c:ChannelId>k</c:ChannelId></c:ThisPartyActionBinding></c:CanSend></c:ServiceBinding></c:CollaborationRole>
            <c:DeliveryChannel c:channelId="k" c:transportId="t" c:docExchangeId="d"/><c:Transport c:transportId="t"><c:TransportReceiver>
            <c:Endpoint c:uri=" mailto:x@y.invalid "/></c:TransportReceiver></c:Transport><c:DocExchange c:docExchangeId="d">
            <c:ebXMLSenderBinding><c:PersistDuration>P4D</c:PersistDuration></c:ebXMLSenderBinding></c:DocExchange></c:PartyInfo>
            """
        }
        let text =
            "<c:CollaborationProtocolAgreement xmlns:c=\"http://www.oasis-open.org/committees/ebxml-cppa/schema/cpp-cpa-2_0.xsd\" c:cpaid=\"a\">"
            + party("1") + party("2") + "</c:CollaborationProtocolAgreement>"
        return Array(change(text).utf8)
    }

    static func channel(_ old: String, _ new: String) throws -> AgreementChannel? {
        try CollaborationAgreement(parsing: agreement { $0.replacingOccurrences(of: old, with: new) }).parties[0].roles[0]
            .canSend[0].channel
    }

    @Test(
        "an answer that is nil means none",
        arguments: [
            #"<A xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>"#,
            #"<E><B><R><X xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/></R></B></E>"#,
        ])
    func none(answer: String) throws {
        #expect(try CollaborationAgreement.read(Array(answer.utf8)) == nil)
        #expect(try CollaborationProfile.read(Array(answer.utf8)) == nil)
        #expect(throws: EnvelopeError(.agreementMalformed, reason: "")) {
            try CollaborationAgreement(parsing: Array(answer.utf8))
        }
    }

    @Test("an agreement inside an answer is found") func wrapped() throws {
        let inside = String(decoding: Self.agreement(), as: UTF8.self)
        #expect(try CollaborationAgreement.read(Array("<E><B>\(inside)</B></E>".utf8))?.cpaID == "a")
    }

    @Test(
        "endpoints",
        arguments: [
            (" mailto:x@y.invalid ", AgreementEndpoint.mail(address: "x@y.invalid")),
            ("MAILTO://x@y.invalid", .mail(address: "x@y.invalid")),
            ("https://h.invalid/p", .http(url: "https://h.invalid/p")), ("sb.invalid/queue", .other("sb.invalid/queue")),
            ("mailto:x", nil),
            ("mailto:x@y@z", nil), ("mailto:x@y\u{2028}z", nil), ("mailto:a b@y", nil),
        ])
    func endpoints(uri: String, endpoint: AgreementEndpoint?) throws {
        #expect(try Self.channel(" mailto:x@y.invalid ", uri)?.endpoint == endpoint)
    }

    @Test(
        "durations",
        arguments: [
            ("P4D", 345_600), ("PT720M", 43_200), (" PT1H30M10S ", 5_410), ("P1DT1H", 90_000), ("P180M", nil), ("P", nil),
            ("P1Y", nil),
            ("PT", nil), ("4D", nil), ("P4", nil), ("P99999999999999999999D", nil), ("-P1D", nil),
        ])
    func durations(text: String, seconds: Int?) throws {
        #expect(try Self.channel("P4D", text)?.persistDuration == seconds.map { .seconds($0) })
    }

    @Test(
        "refused",
        arguments: [
            ("c:cpaid=\"a\"", ""), ("c:cpaid=\"a\">", "c:cpaid=\"a\"><c:Start>never</c:Start>"),
            (">2</c:PartyId>", ">1</c:PartyId>"),
            ("<c:PartyId c:type=\"HER\">2</c:PartyId>", ""), ("<c:Role c:name=\"R\"/>", ""),
            ("<c:Service>S</c:Service>", "<c:Service/>"),
            ("<c:DeliveryChannel ", "<c:DeliveryChannel c:channelId=\"k\"/><c:DeliveryChannel "),
            ("CollaborationProtocolAgreement", "X"),
        ])
    func refused(old: String, new: String) {
        #expect(throws: EnvelopeError(.agreementMalformed, reason: "")) {
            try CollaborationAgreement(parsing: Self.agreement { $0.replacingOccurrences(of: old, with: new) })
        }
    }
}
