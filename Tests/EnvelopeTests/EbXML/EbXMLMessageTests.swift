import Envelope
import Foundation
import Testing

@Suite("ebMS 2.0 headers")
struct EbXMLMessageTests {
    static let payload = try? EbXMLMessage(
        header: EbXMLExample.header(timeToLive: Date(timeIntervalSince1970: 1_790_000_000)),
        content: .payload(Manifest([ManifestReference(ContentID("p@x"), role: "urn:x", description: "d")])),
        ackRequested: AckRequested(signed: true), syncReply: SyncReply())

    static func code(_ soap: [UInt8]) -> EnvelopeError.Code? {
        do {
            _ = try EbXMLMessage(parsing: soap)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("what is written is read as the same value, and written as the same bytes") func roundTrip() throws {
        let message = try #require(Self.payload)
        let read = try EbXMLMessage(parsing: message.encoded)
        #expect(read == message)
        #expect(read.encoded == message.encoded)
        #expect(read.deviations == [])
        #expect(read.header.description?.system == "EPJ \"x\"")
        #expect(read.header.description?.systemVersion == "2\\3")
        #expect(read.header.from.herID == "8140001")
    }

    @Test("a payload message byte for byte") func golden() throws {
        let header = MessageHeader(
            from: Party(her: "1", role: nil), to: Party(her: "2", role: "R"), cpaID: "a", conversationID: "b",
            service: Service("S"),
            action: "A", messageData: MessageData(messageID: "m", timestamp: try EbXMLTimestamp(parsing: "2026-01-01T00:00:00Z")))
        let message = EbXMLMessage(
            header: header, content: .payload(try Manifest([ManifestReference(ContentID("p@x"))])),
            ackRequested: AckRequested(signed: true))
        let expected =
            #"<?xml version="1.0" encoding="UTF-8"?><SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/" "#
            + #"xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd" "#
            + #"xmlns:xlink="http://www.w3.org/1999/xlink"><SOAP:Header><eb:MessageHeader SOAP:mustUnderstand="1" eb:version="2.0">"#
            + #"<eb:From><eb:PartyId eb:type="HER">1</eb:PartyId></eb:From><eb:To><eb:PartyId eb:type="HER">2</eb:PartyId>"#
            + "<eb:Role>R</eb:Role></eb:To><eb:CPAId>a</eb:CPAId><eb:ConversationId>b</eb:ConversationId>"
            + #"<eb:Service eb:type="string">S</eb:Service><eb:Action>A</eb:Action><eb:MessageData><eb:MessageId>m</eb:MessageId>"#
            + "<eb:Timestamp>2026-01-01T00:00:00Z</eb:Timestamp></eb:MessageData><eb:DuplicateElimination></eb:DuplicateElimination>"
            + "</eb:MessageHeader>"
            + #"<eb:AckRequested SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH" SOAP:mustUnderstand="1" "#
            + #"eb:signed="true" eb:version="2.0"></eb:AckRequested></SOAP:Header><SOAP:Body><eb:Manifest eb:version="2.0">"#
            + #"<eb:Reference xlink:href="cid:p@x" xlink:type="simple"></eb:Reference></eb:Manifest></SOAP:Body>"#
            + "</SOAP:Envelope>"
        #expect(String(decoding: message.encoded, as: UTF8.self) == expected)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let old: String
        let new: String
        let code: EnvelopeError.Code?

        init(_ name: String, _ old: String, _ new: String, _ code: EnvelopeError.Code?) {
            (testDescription, self.old, self.new, self.code) = (name, old, new, code)
        }
    }

    static let messageID = "<eb:MessageId>m-1@sagene.invalid</eb:MessageId>"
    static let refusals = [
        Change("SOAP 1.2", "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope", .notEbXML),
        Change("another root", "SOAP:Envelope", "SOAP:Brev", .notEbXML),
        Change("something after the Body", "</SOAP:Body>", "</SOAP:Body><x/>", .headerMalformed),
        Change("two Headers", "<SOAP:Body>", "<SOAP:Header/><SOAP:Body>", .headerDuplicated),
        Change(
            "version 1.0", #"SOAP:mustUnderstand="1" eb:version="2.0"><eb:From>"#,
            #"SOAP:mustUnderstand="1" eb:version="1.0"><eb:From>"#, .headerVersionUnsupported),
        Change(
            "Manifest version", #"<eb:Manifest eb:version="2.0">"#, #"<eb:Manifest eb:version="1.0">"#, .headerVersionUnsupported),
        Change("mustUnderstand is no Boolean", #"mustUnderstand="1""#, #"mustUnderstand="2""#, .headerMalformed),
        Change("two MessageIds", messageID, messageID + messageID, .headerDuplicated),
        Change("no MessageId", messageID, "", .headerMalformed),
        Change("an empty MessageId", "m-1@sagene.invalid", " ", .headerMalformed),
        Change("a long MessageId", "m-1@sagene.invalid", String(repeating: "m", count: 256), .headerMalformed),
        Change("a line break in MessageId", "m-1@sagene.invalid", "m&#13;&#10;X: y", .headerMalformed),
        Change("an element in MessageId", "m-1@sagene.invalid", "m<x/>1", .headerMalformed),
        Change("a letter in a HER-id", ">8140001<", ">814000l<", .headerMalformed),
        Change("full-width digits", ">8140001<", ">８１４０００１<", .headerMalformed),
        Change(
            "two HER-ids", #"<eb:PartyId eb:type="HER">8140001"#,
            #"<eb:PartyId eb:type="HER">8140009</eb:PartyId><eb:PartyId eb:type="HER">8140001"#, .headerMalformed),
        Change("no known type of PartyId", #"eb:type="HER">8140002"#, #"eb:type="X">8140002"#, .headerMalformed),
        Change("no PartyId", #"<eb:PartyId eb:type="HER">8140002</eb:PartyId>"#, "", .headerMalformed),
        Change("two Froms", "<eb:To>", "<eb:From/><eb:To>", .headerDuplicated),
        Change("an unknown element in MessageHeader", "<eb:To>", "<eb:Via/><eb:To>", .headerMalformed),
        Change("a second MessageHeader in the Body", "<SOAP:Body>", "<SOAP:Body><eb:MessageHeader/>", .headerDuplicated),
        Change("the header moved", "eb:MessageHeader", "eb:Manifest", .headerMalformed),
        Change(
            "nextMSH", "<eb:AckRequested ",
            #"<x SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"/><eb:AckRequested "#,
            .addressedToNextHop),
        Change(
            "the envelope for the next hop", "<SOAP:Envelope ",
            #"<SOAP:Envelope SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next" "#, .addressedToNextHop),
        Change(
            "the header for the next hop", "<SOAP:Header>",
            #"<SOAP:Header SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH">"#, .addressedToNextHop),
        Change(
            "the body for the next hop", "<SOAP:Body>",
            #"<SOAP:Body SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next">"#, .addressedToNextHop),
        Change("SyncReply with something in it", "</eb:SyncReply>", "<x/></eb:SyncReply>", .addressedToNextHop),
        Change(
            "AckRequested to the next hop", "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH",
            "http://schemas.xmlsoap.org/soap/actor/next", .addressedToNextHop),
        Change("AckRequested to anybody", "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH", "actor", .headerMalformed),
        Change("SyncReply to anybody", #"actor/next""#, #"actor""#, .headerMalformed),
        Change("signed is no Boolean", #"eb:signed="true""#, #"eb:signed="ja""#, .headerMalformed),
        Change(
            "an unknown block that must be understood", "</SOAP:Header>", #"<x SOAP:mustUnderstand="1"/></SOAP:Header>"#,
            .headerNotUnderstood),
        Change("MessageOrder", "</SOAP:Header>", "<eb:MessageOrder/></SOAP:Header>", .headerNotUnderstood),
        Change("StatusRequest", "</SOAP:Body>", "<eb:StatusRequest/></SOAP:Body>", .headerNotUnderstood),
        Change("text of another kind in the Body", "</SOAP:Body>", "<x/></SOAP:Body>", .headerMalformed),
        Change("no Manifest", #"xlink:href="cid:p@x""#, #"xlink:href="http://127.0.0.1:9/x""#, .manifestMalformed),
        Change(
            "a Manifest reference to a file", #"xlink:href="cid:p@x""#, #"xlink:href="file:///etc/passwd""#, .manifestMalformed),
        Change("one part twice", "</eb:Manifest>", #"<eb:Reference xlink:href="cid:p%40x"/></eb:Manifest>"#, .manifestMalformed),
        Change("TimeToLive before Timestamp", "<eb:TimeToLive>2026", "<eb:TimeToLive>2025", .headerMalformed),
        Change(
            "a signal with a Manifest", ">Henvisning</eb:Service>", ">urn:oasis:names:tc:ebxml-msg:service</eb:Service>",
            .headerMalformed),
        Change("a payload with an Acknowledgment", "</SOAP:Header>", "<eb:Acknowledgment/></SOAP:Header>", .headerMalformed),
        Change("a DOCTYPE", "<SOAP:Envelope", "<!DOCTYPE x><SOAP:Envelope", .xmlRefused),
        Change("not well-formed", "</SOAP:Envelope>", "", .xmlMalformed),
        Change(
            "a signature in the Body", "<SOAP:Body>", #"<SOAP:Body><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>"#,
            .signatureProfile),
    ]

    @Test(
        "what stands once stands once, in the Header or in the Body",
        arguments: [
            ("MessageHeader", true), ("AckRequested", true), ("SyncReply", true), ("Acknowledgment", true), ("ErrorList", true),
            ("MessageOrder", true), ("Manifest", false), ("StatusRequest", false), ("StatusResponse", false),
        ])
    func single(name: String, isInHeader: Bool) throws {
        let message = try #require(Self.payload).encoded
        let (own, other) = isInHeader ? ("</SOAP:Header>", "</SOAP:Body>") : ("</SOAP:Body>", "</SOAP:Header>")
        let block = "<eb:\(name)/>"
        #expect(Self.code(EbXMLExample.replacing(own, with: block + block + own, in: message)) == .headerDuplicated)
        // In the order of the document: what stands in the Header already is there twice before it is in the wrong place.
        let isThere = isInHeader && String(decoding: message, as: UTF8.self).contains("<eb:\(name)")
        #expect(
            Self.code(EbXMLExample.replacing(other, with: block + other, in: message))
                == (isThere ? .headerDuplicated : .headerMalformed))
    }

    @Test("refused", arguments: refusals)
    func refused(change: Change) throws {
        let message = try #require(Self.payload).encoded
        #expect(Self.code(EbXMLExample.replacing(change.old, with: change.new, in: message)) == change.code)
    }

    /// Another way of writing, which is read, and what is reported of it.
    struct Tolerance: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let old: String
        let new: String
        let reported: [String]

        init(_ name: String, _ old: String, _ new: String, reported: String...) {
            (testDescription, self.old, self.new, self.reported) = (name, old, new, reported)
        }
    }

    static let tolerances = [
        Tolerance(
            "mustUnderstand true", #"mustUnderstand="1""#, #"mustUnderstand="true""#,
            reported: "MessageHeader: SOAP:mustUnderstand is true, not 1", "AckRequested: SOAP:mustUnderstand is true, not 1",
            "SyncReply: SOAP:mustUnderstand is true, not 1"),
        Tolerance(
            "mustUnderstand 0", #"mustUnderstand="1""#, #"mustUnderstand="0""#,
            reported: "MessageHeader: SOAP:mustUnderstand is not 1", "AckRequested: SOAP:mustUnderstand is not 1",
            "SyncReply: SOAP:mustUnderstand is not 1"),
        Tolerance(
            "no mustUnderstand", #" SOAP:mustUnderstand="1""#, "",
            reported: "MessageHeader: SOAP:mustUnderstand is not 1", "AckRequested: SOAP:mustUnderstand is not 1",
            "SyncReply: SOAP:mustUnderstand is not 1"),
        Tolerance(
            "an attribute without namespace", #" eb:signed="true""#, #" signed="true""#,
            reported: "AckRequested: the attribute signed has no namespace"),
        Tolerance(
            "AckRequested without actor", #" SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH""#, "",
            reported: "AckRequested: SOAP:actor is missing"),
        Tolerance("no zone", "00:00:00.000Z", "00:00:00.000", reported: "Timestamp: a time without zone, read as UTC"),
        Tolerance(
            "white space around a value", ">cpa-1<", ">\n cpa-1\n <", reported: "CPAId: white space around the value"),
        Tolerance(
            "an unknown block", "</SOAP:Header>", "<x/></SOAP:Header>", reported: "Header: an unknown header block, not read"),
        Tolerance(
            "an empty Schema version", "<eb:Description xml:lang=\"NO\">d<",
            "<eb:Schema eb:location=\"x\" eb:version=\"\"/><eb:Description xml:lang=\"NO\">d<",
            reported: "Reference: the version of a Schema is empty"),
        Tolerance(
            "an unknown PartyId beside a known one", "<eb:Role>Henviser",
            #"<eb:PartyId eb:type="X">1</eb:PartyId><eb:Role>Henviser"#, reported: "From: a PartyId of unknown type"),
        Tolerance(
            "several Descriptions", "</eb:MessageHeader>",
            "<eb:Description xml:lang=\"NO\">second</eb:Description></eb:MessageHeader>",
            reported: "MessageHeader: more than one Description; the first is read"),
        Tolerance(
            "a Description without language", #"<eb:Description xml:lang="NO">{"#, "<eb:Description>{",
            reported: "Description: xml:lang is missing"),
    ]

    @Test("read and reported", arguments: tolerances)
    func tolerated(tolerance: Tolerance) throws {
        let soap = EbXMLExample.replacing(tolerance.old, with: tolerance.new, in: try #require(Self.payload).encoded)
        let read = try EbXMLMessage(parsing: soap)
        #expect(read.deviations.map(\.description) == tolerance.reported)
        #expect(read.header.cpaID == "cpa-1")
    }

    @Test("an element that stands elsewhere is read and reported") func moved() throws {
        let cpa = "<eb:CPAId>cpa-1</eb:CPAId>"
        var soap = EbXMLExample.replacing(cpa, with: "", in: try #require(Self.payload).encoded)
        soap = EbXMLExample.replacing("<eb:Action>", with: cpa + "<eb:Action>", in: soap)
        let read = try EbXMLMessage(parsing: soap)
        #expect(read.deviations.map(\.description) == ["MessageHeader: CPAId stands later than the schema allows"])
        #expect(read.header.cpaID == "cpa-1")
    }

    static let signalTolerances = [
        Tolerance(
            "the signals' service has a type", "<eb:Service>", #"<eb:Service eb:type="string">"#,
            reported: "Service: the signals' service has a type"),
        Tolerance(
            "a signal asks for an Acknowledgment", "<eb:ErrorList ",
            #"<eb:AckRequested SOAP:mustUnderstand="1" SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH" "#
                + #"eb:signed="true" eb:version="2.0"/><eb:ErrorList "#,
            reported: "AckRequested: a signal asks for an Acknowledgment"),
        Tolerance(
            "another highest severity", #"eb:highestSeverity="Error""#, #"eb:highestSeverity="Warning""#,
            reported: "ErrorList: eb:highestSeverity is not the highest severity"),
    ]

    @Test("of a signal, read and reported", arguments: signalTolerances)
    func toleratedSignal(tolerance: Tolerance) throws {
        let signal = EbXMLMessage(
            header: EbXMLExample.header(service: .signal, action: "MessageError"),
            content: .error(ErrorList(EbXMLError(code: .unknown, severity: .error))))
        #expect(try EbXMLMessage(parsing: signal.encoded).deviations == [])
        let read = try EbXMLMessage(
            parsing: EbXMLExample.replacing(tolerance.old, with: tolerance.new, in: signal.encoded))
        #expect(read.deviations.map(\.description) == tolerance.reported)
        #expect(read.content == signal.content)
    }

    @Test("names in MessageId are data", arguments: ["'; DROP TABLE x;--", "<script>", "../../etc/passwd", "a b"])
    func data(id: String) throws {
        let escaped = id.replacingOccurrences(of: "<", with: "&lt;")
        let soap = EbXMLExample.replacing("m-1@sagene.invalid", with: escaped, in: try #require(Self.payload).encoded)
        #expect(try EbXMLMessage(parsing: soap).header.messageID == id)
    }

    @Test("parties match by HER-id, and by organisation number only where one has none") func matching() {
        let her = Party(her: "1", role: nil)
        #expect(her.matches(Party(ids: [.her("1"), PartyID(type: "ENH", value: "2")], role: "x")))
        #expect(!her.matches(Party(her: "2", role: nil)))
        let (left, right) = (
            Party(ids: [PartyID(type: "ENH", value: "3")], role: nil),
            Party(ids: [PartyID(type: "orgnummer", value: "3")], role: nil)
        )
        #expect(left.matches(right))
        #expect(!left.matches(her))
        #expect(
            !Party(ids: [PartyID(type: "DN", value: "x")], role: nil).matches(
                Party(ids: [PartyID(type: "DN", value: "x")], role: nil)))
    }
}

@Suite("What the outside learns of a refusal")
struct EbXMLErrorCodeTests {
    @Test("every reason has a code, and faults of security have the same one", arguments: EnvelopeError.Code.allCases)
    func mapping(code: EnvelopeError.Code) {
        let list = ErrorList(answering: EnvelopeError(code, reason: "secret reason", place: "secret place"))
        #expect(list.errors.map(\.errorCode) == [code.ebXML.rawValue])
        #expect(list.errors[0].text?.contains("secret") == false)
        let name = code.rawValue
        if ["signature", "certificate", "cms", "decrypt", "key", "digest", "signer"].contains(where: name.hasPrefix) {
            #expect(code.ebXML == .securityFailure)
        }
    }

    @Test("a fault is recognised and tells nothing") func fault() throws {
        for code in EbXMLErrorCode.allCases { #expect(SOAPFault.isFault(SOAPFault.server(code))) }
        #expect(!SOAPFault.isFault(try #require(EbXMLMessageTests.payload).encoded))
        #expect(!SOAPFault.isFault(Array("<html/>".utf8)))
    }
}

@Suite("Which service and action a document type has")
struct MessageKindTests {
    @Test("a kind is found again by its names, and so is its AppRec", arguments: Array(MessageKindTable.standard.kinds.values))
    func lookup(kind: MessageKind) {
        let table = MessageKindTable.standard
        #expect(table[kind.documentType] == kind)
        #expect(table.kinds(service: kind.service.name.uppercased(), action: kind.action).contains(kind))
        #expect(table.kinds(service: kind.service.name, action: "APPREC").contains(kind.appRec))
        #expect(kind.appRec.senderRole == kind.receiverRole)
        #expect(table.kinds(service: "X", action: kind.action).isEmpty)
    }

    @Test("an agreement's names take the place of ours") func overriding() throws {
        var kind = try #require(MessageKindTable.standard[.epikrise])
        (kind.service, kind.action) = (Service("urn:x"), "y")
        let table = MessageKindTable.standard.overriding(with: [kind])
        #expect(table[.epikrise]?.action == "y")
        #expect(table[.henvisning] == MessageKindTable.standard[.henvisning])
    }
}
