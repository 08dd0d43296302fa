import Envelope
import TestSupport
import Testing

@Suite("An envelope that arrives in pieces")
struct PayloadStreamTests {
    static let splits = [[1], [2, 3, 5], [7], [16], [17], [1, 4096], [65_536], [65_537, 1], [1 << 20]]

    @Test("gives the same plaintext however it is split", arguments: PayloadProtection.allCases, splits)
    func chunks(protection: PayloadProtection, sizes: [Int]) throws {
        let receiver = try Receiver.rsa()
        for count in [0, 1, 15, 16, 17, 4095] {
            let envelope = try PayloadEncryptor.seal(pattern(count), for: receiver.validated, protection: protection)
            #expect(try opened(envelope, by: receiver, chunks: sizes) == pattern(count))
            #expect(try opened(inPieces(envelope, of: 100), by: receiver, chunks: sizes) == pattern(count))
        }
    }

    @Test("a mebibyte in odd chunks, both ways", arguments: PayloadProtection.allCases)
    func mebibyte(protection: PayloadProtection) throws {
        let (receiver, content) = (try Receiver.rsa(), pattern(1 << 20))
        var encryptor = try PayloadEncryptor(for: receiver.validated, protection: protection, contentLength: content.count)
        var envelope: [UInt8] = []
        for chunk in content.chunked(10_007) { envelope += try encryptor.update(chunk) }
        envelope += try encryptor.finish()
        #expect(try opened(envelope, by: receiver, chunks: [9_973, 31, 65_521]) == content)
        #expect(try opened(inPieces(envelope, of: 1000), by: receiver, chunks: [9_973, 31, 65_521]) == content)
    }

    @Test("no plaintext is held back but what may be padding")
    func promptness() throws {
        let receiver = try Receiver.rsa()
        let envelope = try PayloadEncryptor.seal(pattern(100_000), for: receiver.validated, protection: .strong)
        var decryptor = PayloadDecryptor(identities: [receiver.identity], policy: CMSPolicy(requires: .strong))
        var sizes: [Int] = []
        for chunk in envelope.chunked(10_000) { sizes.append(try decryptor.update(chunk).count) }
        #expect(sizes.dropFirst().prefix(8).allSatisfy { $0 == 10_000 })
        #expect(try decryptor.finish().rest.isEmpty)
    }

    @Test("in BER throughout, for RSA and for EC", arguments: [1, 16, 1000])
    func indefinite(pieces: Int) throws {
        for receiver in [try Receiver.rsa(), try Receiver.p256()] {
            let envelope = try PayloadEncryptor.seal(pattern(3000), for: receiver.validated, protection: .strong)
            let (plaintext, facts) = try receiver.open(inPieces(envelope, of: pieces), requires: .strong)
            #expect(plaintext == pattern(3000))
            #expect(facts.encoding == .ber)
            #expect(facts.protection == .strong)
            // The issuer's name too: still the same name, no longer the same bytes.
            let rewritten = inPieces(envelope, of: pieces, namesToo: true)
            #expect(try receiver.open(rewritten).plaintext == pattern(3000))
            #expect(try receiver.open(rewritten).facts.deviations.count == 1)
            #expect(throws: EnvelopeError(.notEncryptedToUs, reason: "")) { try receiver.open(rewritten, requires: .strong) }
        }
    }

    @Test("of many payloads at once no two are ever exchanged")
    func property() throws {
        let receivers = [try Receiver.rsa(), try Receiver.otherRSA(), try Receiver.p256()]
        let sealed = try (0..<60).map { number -> (Int, [UInt8], [UInt8]) in
            let content = pattern(number * 37 % 500, seed: UInt64(number + 1))
            let protection: PayloadProtection = number % 3 < 2 && number % 2 == 0 ? .national : .strong
            return (
                number % 3, content,
                try PayloadEncryptor.seal(content, for: receivers[number % 3].validated, protection: protection)
            )
        }
        for (owner, content, envelope) in sealed.shuffled() {
            #expect(try receivers[owner].open(envelope).plaintext == content)
            for other in 0..<3 where other != owner {
                #expect(throws: EnvelopeError(.notEncryptedToUs, reason: "")) { try receivers[other].open(envelope) }
            }
        }
    }

    @Test("an error comes again in every later call")
    func afterFailure() throws {
        let receiver = try Receiver.otherRSA()
        let envelope = try PayloadEncryptor.seal(pattern(5000), for: Receiver.rsa().validated, protection: .strong)
        var decryptor = PayloadDecryptor(identities: [receiver.identity], policy: CMSPolicy(requires: .strong))
        var codes: [EnvelopeError.Code] = []
        for chunk in envelope.chunked(1000) {
            do throws(EnvelopeError) { _ = try decryptor.update(chunk) } catch { codes.append(error.code) }
        }
        do throws(EnvelopeError) { _ = try decryptor.finish() } catch { codes.append(error.code) }
        #expect(codes.count >= 4)
        #expect(Set(codes) == [.notEncryptedToUs])
    }
}

/// The same envelope as a streaming sender writes it: every length indefinite, the content in pieces of `size` bytes.
///
/// - Parameter namesToo: also in the recipients, where the issuer's name is then no longer the certificate's bytes.
func inPieces(_ der: [UInt8], of size: Int, namesToo: Bool = false) -> [UInt8] {
    var (written, rest) = ([UInt8](), der[...])
    while let tag = rest.first {
        let contents = contents(&rest)
        switch tag {
        case 0x80:
            written += [0xA0, 0x80] + contents.chunked(size).flatMap { length(0x04, $0) } + [0, 0]
        case 0x31 where !namesToo: written += length(tag, contents)
        case _ where tag & 0x20 != 0: written += [tag, 0x80] + inPieces(contents, of: size, namesToo: namesToo) + [0, 0]
        default: written += length(tag, contents)
        }
    }
    return written
}

private func length(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
    // Four octets of length whatever the length, as BER allows.
    [tag, 0x84] + (0..<4).map { UInt8(truncatingIfNeeded: contents.count >> (24 - 8 * $0)) } + contents
}

/// The contents of the first object of definite length, which is taken off.
func contents(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    rest = rest.dropFirst()
    let first = Int(rest.removeFirst())
    var count = first
    if first > 127 {
        count = rest.prefix(first & 0x7F).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(first & 0x7F)
    }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
}
