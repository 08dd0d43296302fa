import Foundation
import Practice
import Testing

@Suite("A consent as FHIR R4")
struct ConsentRecordTests {
    private func json(_ change: (inout [String: CanonicalJSON]) -> Void) throws -> [UInt8] {
        guard case .object(var members) = try CanonicalJSON(parsing: Example.record().bytes()) else { return [] }
        change(&members)
        return CanonicalJSON.object(members).bytes
    }

    private func provision(_ change: (inout [String: CanonicalJSON]) -> Void) throws -> [UInt8] {
        try json { root in
            guard case .object(var members)? = root["provision"] else { return }
            change(&members)
            root["provision"] = .object(members)
        }
    }

    private func code(_ bytes: [UInt8]) -> ConsentError.Code? {
        do throws(ConsentError) {
            _ = try ConsentRecord.read(bytes)
            return nil
        } catch { return error.code }
    }

    @Test("what is written is read back whole, and written again it is the same bytes")
    func roundTrip() throws {
        var records = [Example.record()]
        records.append(Example.record(born: "2009-01-01", givers: [ConsentRecord.Giver(.youngPerson)]))
        records[1].howGiven = .loggedIn(level: "idporten-loa-high")
        records.append(Example.record(givers: [Example.mother]))
        records[2].otherGuardian = .noOther
        records[2].childsView = .disagrees
        records[2].isMutual = true
        records[2].stance = .deny
        records[2].version = 3
        records[2].howGiven = .paper(reference: "arkiv 12\u{2028}\"«\u{1}")
        records.append(Example.record())
        records[3].scope = .treatment
        records[3].status = .inactive
        records[3].child.identity = nil
        for record in records {
            let reading = try ConsentRecord.read(record.bytes())
            #expect(reading.record == record)
            #expect(reading.deviations.isEmpty, "\(reading.deviations)")
            #expect(try reading.record.bytes() == record.bytes())
        }
    }

    @Test("the elements FHIR R4 requires are there, and privacy names its policy and its patient")
    func hasWhatR4Requires() throws {
        let consent = try CanonicalJSON(parsing: Example.record().bytes())
        #expect(consent["status"]?.text == "active")
        #expect(consent["scope"]?["coding"]?.items?.first?["code"]?.text == "patient-privacy")
        #expect(consent["category"]?.items?.count == 1)
        #expect(consent["policyRule"]?["coding"]?.items?.first?["code"]?.text == "OPTIN")
        #expect(consent["patient"]?["reference"]?.text == "#child")
        for actor in consent["provision"]?["actor"]?.items ?? [] {
            #expect(actor["role"] != nil && actor["reference"] != nil)
        }
    }

    @Test("the bytes do not depend on the order or spacing of what was read, and other bytes are said to be others")
    func canonical() throws {
        let bytes = try Example.record().bytes()
        let spaced = Array(String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\":", with: "\" :\n ").utf8)
        let reading = try ConsentRecord.read(spaced)
        #expect(try reading.record.bytes() == bytes)
        #expect(reading.deviations.map(\.what) == [.notCanonical])
    }

    @Test("foreign elements that change nothing are tolerated and reported by place, without what they say")
    func toleratesAndReports() throws {
        let bytes = try json {
            $0["sourceReference"] = .object(["reference": .string("Hemmelig Navn")])
            $0["Hemmelig Navn"] = .bool(true)
            $0["text"] = .object(["div": .string("x")])
            $0["meta"] = nil
        }
        let reading = try ConsentRecord.read(bytes)
        #expect(
            Set(reading.deviations.map(\.description))
                == [
                    "Consent.sourceReference: ignored", "Consent.(unknown): ignored", "meta.versionId: missing",
                    "Consent: notCanonical",
                ])
    }

    @Test(
        "what changes or narrows the meaning is refused, not read past",
        arguments: ["provision", "securityLabel", "class", "dataPeriod", "data", "modifierExtension"])
    func refusesNarrowing(member: String) throws {
        #expect(code(try provision { $0[member] = .array([.object(["type": .string("deny")])]) }) == .notUnderstood)
    }

    @Test("modifiers at the root are refused", arguments: ["modifierExtension", "implicitRules"])
    func refusesModifiers(member: String) throws {
        #expect(code(try json { $0[member] = .array([]) }) == .notUnderstood)
    }

    @Test("an unknown kind of information narrows a consent, and makes an objection unreadable")
    func unknownCodes() throws {
        func bytes(_ type: String) throws -> [UInt8] {
            try provision {
                $0["type"] = .string(type)
                $0["code"] = .array(($0["code"]?.items ?? []) + [.object(["coding": .array([])])])
            }
        }
        #expect(try ConsentRecord.read(bytes("permit")).deviations.contains { $0.what == .unknownCode })
        #expect(code(try bytes("deny")) == .notUnderstood)
    }

    @Test("of a moment as end a consent is read shorter and an objection longer")
    func endAsMoment() throws {
        func last(_ type: String) throws -> String {
            let bytes = try provision {
                $0["type"] = .string(type)
                $0["period"] = .object(["end": .string("2027-01-31T12:00:00+01:00")])
            }
            return try ConsentRecord.read(bytes).record.validUntil.description
        }
        #expect(try last("permit") == "2027-01-30")
        #expect(try last("deny") == "2027-01-31")
    }

    @Test("kin without parental responsibility stated is one who cares for the child, no guardian")
    func kinIsNoGuardian() throws {
        let bytes = try json { root in
            root["contained"] = .array(
                (root["contained"]?.items ?? []).map { resource in
                    guard case .object(var members) = resource, members["relationship"] != nil else { return resource }
                    members["relationship"] = .array([
                        .object([
                            "coding": .array([
                                .object([
                                    "system": .string("http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
                                    "code": .string("MTH"),
                                ])
                            ])
                        ])
                    ])
                    return .object(members)
                })
        }
        #expect(try ConsentRecord.read(bytes).record.givers.allSatisfy { $0.role == .caretaker })
    }

    @Test(
        "what must be there and is not is refused",
        arguments: [
            "dateTime", "patient", "performer", "organization", "status", "scope", "provision", "extension", "contained",
            "resourceType",
        ])
    func refusesMissing(member: String) throws {
        #expect(code(try json { $0[member] = nil }) != nil)
    }

    @Test("no end, no full date of birth, no reader's guess")
    func refusesOpenEnded() throws {
        #expect(code(try provision { $0["period"] = .object([:]) }) == .incomplete)
        #expect(code(try provision { $0["period"] = .object(["end": .string("2027")]) }) == .notUnderstood)
        #expect(code(Array("[]".utf8)) == .notConsent)
        #expect(code(Array("{\"resourceType\":\"Consent\",\"resourceType\":\"Consent\"}".utf8)) == .notJSON)
    }

    @Test("a record that contradicts itself is not written")
    func refusesToWrite() {
        var records = (0..<9).map { _ in Example.record() }
        records[0].id = "ID-1"
        records[1].validUntil = Example.day("2026-09-30")
        records[2].givers = [Example.mother, Example.mother]
        records[3].information = []
        records[4].howGiven = .oral(notedBy: "  ")
        records[5].recordedBy = ConsentParty(.gp)
        records[6].givenAt = Example.at("2014-01-01T00:00:00Z")
        records[7].child.name = ""
        records[8].to[0].identity = PartyIdentity(.her, " ")
        for record in records { #expect(throws: ConsentError.self) { try record.bytes() } }
    }

    @Test("an error never repeats what stands in the record")
    func errorsHoldNoContents() throws {
        let bytes = try json { $0["status"] = .string("Hemmelig Navn") }
        let error = #expect(throws: ConsentError.self) { try ConsentRecord.read(bytes) }
        #expect(error?.description.contains("Hemmelig") == false)
    }

    @Test("reading never crashes: cut, turned and doubled bytes are refused or read")
    func survivesDamage() throws {
        let bytes = try Example.record().bytes()
        var seed: UInt64 = 7
        for _ in 0..<1500 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var damaged = bytes
            let place = Int(seed >> 33) % damaged.count
            switch seed >> 60 & 3 {
            case 0: damaged[place] = UInt8(truncatingIfNeeded: seed >> 20)
            case 1: damaged.removeSubrange(place...)
            case 2: damaged.remove(at: place)
            default: damaged.insert(damaged[place], at: place)
            }
            if let reading = try? ConsentRecord.read(damaged) { #expect(throws: Never.self) { try reading.record.check() } }
        }
        let deep = Array(String(repeating: "[", count: 100_000).utf8)
        #expect(code(deep) == .notJSON)
    }
}

@Suite("Signature and binding of a consent")
struct ConsentSealTests {
    @Test("only the recording party's signature over these bytes makes a consent one to rely on")
    func verifies() throws {
        let signed = try Example.signed(Example.record())
        #expect(try signed.verified(by: Example.check, digester: Example.digester).record == Example.record())
        let changed = SignedConsent(bytes: signed.bytes + [0x20], signature: signed.signature)
        #expect(throws: ConsentError(.signatureInvalid, at: "signature", reason: "")) {
            try changed.verified(by: Example.check, digester: Example.digester)
        }
        let foreign = try Example.signed(Example.record(), key: "666")
        #expect(throws: ConsentError(.signerIsNotRecorder, at: "organization", reason: "")) {
            try foreign.verified(by: Example.check, digester: Example.digester)
        }
    }

    @Test("a binding holds for its message and its consent, and for no other")
    func binding() throws {
        let consent = try Example.verified(Example.record())
        let binding = ConsentBinding(messageID: "m1", consent: consent)
        #expect(ConsentBinding(parsing: binding.bytes) == binding)
        try binding.check(messageID: "m1", consent: consent)
        #expect(throws: ConsentError.self) { try binding.check(messageID: "m2", consent: consent) }
        var later = Example.record()
        later.version = 2
        let changed = try Example.verified(later)
        #expect(throws: ConsentError.self) { try binding.check(messageID: "m1", consent: changed) }
        #expect(ConsentBinding(parsing: Array("{}".utf8)) == nil)
        #expect(ConsentDigest("sha256:0aFF") == nil && ConsentDigest("sha256:0aff")?.description == "sha256:0aff")
    }
}
