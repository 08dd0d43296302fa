import Envelope
import TestSupport
import Testing

@Suite("A changed envelope is refused")
struct PayloadRefusalTests {
    private func refusal(_ envelope: [UInt8], _ receiver: Receiver, requires: PayloadProtection = .strong) -> EnvelopeError? {
        do {
            _ = try receiver.open(envelope, requires: requires)
            return nil
        } catch {
            return error as? EnvelopeError
        }
    }

    /// CBC carries no tag: under a wrong key one padding in 256 holds by chance, and noise comes out, which the signature over the
    /// ciphertext is there to catch. Eight new envelopes in a row do not all hit one.
    private func refusalOfNoise(
        of content: [UInt8], _ receiver: Receiver, requires: PayloadProtection, _ envelope: () throws -> [UInt8]
    ) throws -> EnvelopeError? {
        for _ in 0..<8 {
            let changed = try envelope()
            if let error = refusal(changed, receiver, requires: requires) { return error }
            #expect(requires == .national && (try? receiver.open(changed, requires: requires).plaintext) != content)
        }
        return nil
    }

    static let receivers = ["314000013/encryption", "314000013/p256/encryption"]

    @Test("strong: whichever byte was changed", arguments: receivers)
    func everyByte(path: String) throws {
        let receiver = try Receiver(path)
        let envelope = try PayloadEncryptor.seal(pattern(200), for: receiver.validated, protection: .strong)
        for (position, bit) in zip(envelope.indices, (0..<8).cycled()) {
            var changed = envelope
            changed[position] ^= 1 << UInt8(bit)
            let code = refusal(changed, receiver)?.code
            #expect(code != nil, "byte \(position), bit \(bit)")
            #expect([.cmsMalformed, .cmsProfile, .notEncryptedToUs, .decryptionFailed].contains(code))
        }
    }

    @Test("wherever it was cut off", arguments: PayloadProtection.allCases)
    func truncated(protection: PayloadProtection) throws {
        let receiver = try Receiver.rsa()
        let envelope = try PayloadEncryptor.seal(pattern(300), for: receiver.validated, protection: protection)
        let streamed = inPieces(envelope, of: 50)
        for whole in [envelope, streamed] {
            for count in stride(from: 0, to: whole.count, by: 3) + [whole.count - 1] {
                #expect(
                    refusal(Array(whole.prefix(count)), receiver, requires: protection)?.code == .cmsMalformed, "\(count) bytes")
            }
        }
    }

    @Test("bytes after the object", arguments: PayloadProtection.allCases, [[0], [0, 0], [0x30, 0], [0x0A]])
    func trailing(protection: PayloadProtection, bytes: [UInt8]) throws {
        let receiver = try Receiver.rsa()
        let envelope = try PayloadEncryptor.seal(pattern(300), for: receiver.validated, protection: protection)
        #expect(refusal(envelope + bytes, receiver, requires: protection)?.code == .cmsMalformed)
        #expect(refusal(inPieces(envelope, of: 50) + bytes, receiver, requires: protection)?.code == .cmsMalformed)
        #expect(refusal(envelope + pattern(200_000), receiver, requires: protection)?.code == .cmsMalformed)
        #expect(refusal(envelope + envelope, receiver, requires: protection)?.code == .cmsMalformed)
    }

    @Test("another recipient's envelope", arguments: PayloadProtection.allCases)
    func otherRecipient(protection: PayloadProtection) throws {
        let envelope = try PayloadEncryptor.seal(pattern(300), for: Receiver.rsa().validated, protection: protection)
        #expect(refusal(envelope, try .otherRSA(), requires: protection)?.code == .notEncryptedToUs)
        #expect(refusal(envelope, try .p256(), requires: protection)?.code == .notEncryptedToUs)
    }

    @Test("a tag cut short, with the length that says so or without", arguments: [0, 4, 8, 12, 15])
    func shortTag(length: Int) throws {
        let receiver = try Receiver.rsa()
        let envelope = try PayloadEncryptor.seal(pattern(300), for: receiver.validated, protection: .strong)
        let cut = DERTree(envelope).replacing([1, 0, 3], with: [0x04, UInt8(length)] + envelope.suffix(16).prefix(length))
        #expect(refusal(cut.encoded, receiver)?.code == .cmsProfile)
        let said = cut.replacing([1, 0, 2, 1, 1, 1], with: [0x02, 0x01, UInt8(length)])
        #expect(refusal(said.encoded, receiver)?.code == .cmsProfile)
        let unsaid = cut.replacing([1, 0, 2, 1, 1, 1], with: [])
        #expect(refusal(unsaid.encoded, receiver)?.code == .cmsProfile)
    }

    @Test("AuthEnvelopedData shown as EnvelopedData")
    func downgrade() throws {
        let receiver = try Receiver.rsa()
        let enveloped: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03]
        func relabelled() throws -> DERTree {
            DERTree(try PayloadEncryptor.seal(pattern(320), for: receiver.validated, protection: .strong))
                .replacing([0], with: enveloped).replacing([1, 0, 3], with: [])
        }
        for requires in PayloadProtection.allCases {
            #expect(try refusal(relabelled().encoded, receiver, requires: requires)?.code == .cmsProfile)
        }
        // With CBC as the cipher it is an envelope like any other: where strong was agreed it is refused unread.
        let cbc = DERTree(try PayloadEncryptor.seal([], for: receiver.validated, protection: .national)).bytes(at: [1, 0, 2, 1])
        let downgraded = try relabelled().replacing([1, 0, 2, 1], with: cbc)
        #expect(refusal(downgraded.encoded, receiver)?.code == .cmsProfile)
        let noise = try refusalOfNoise(of: pattern(320), receiver, requires: .national) {
            try relabelled().replacing([1, 0, 2, 1], with: cbc).encoded
        }
        #expect(noise?.code == .decryptionFailed)
    }

    @Test("authenticated attributes, whose place is after what they would authenticate")
    func attributes() throws {
        let receiver = try Receiver.rsa()
        let tree = DERTree(try PayloadEncryptor.seal(pattern(10), for: receiver.validated, protection: .strong))
        let tag = tree.bytes(at: [1, 0, 3])
        let attributes: [UInt8] = [0xA1, 0x04, 0x30, 0x02, 0x06, 0x00]
        #expect(refusal(tree.replacing([1, 0, 3], with: attributes + tag).encoded, receiver)?.code == .cmsProfile)
        // Unauthenticated ones are read over.
        #expect(refusal(tree.replacing([1, 0, 3], with: tag + [0xA2] + attributes.dropFirst()).encoded, receiver) == nil)
        #expect(
            refusal(tree.replacing([1, 0, 3], with: tag + [0xA3] + attributes.dropFirst()).encoded, receiver)?.code
                == .cmsMalformed)
    }

    @Test("every failure to decrypt says the same")
    func oneText() throws {
        let receiver = try Receiver.rsa()
        var texts: [String] = []
        let (keyPath, contentPath) = ([1, 0, 1, 0, 3], [1, 0, 2, 2])
        for protection in PayloadProtection.allCases {
            let changes: [([Int], ([UInt8]) -> [UInt8])] = [
                (keyPath, { $0.flipped(at: 10) }), (keyPath, { $0.flipped(at: $0.count - 1) }), (keyPath, { _ in [0x04, 0x00] }),
                (keyPath, { _ in [0x04, 0x01, 0x00] }),
                (keyPath, { Array($0.prefix(4)) + Array(repeating: 0xFF, count: $0.count - 4) }),
                (keyPath, { Array($0.prefix(4)) + Array(repeating: 0, count: $0.count - 4) }),
                (contentPath, { $0.flipped(at: protection == .national ? $0.count - 17 : 5) }),
                (contentPath, { _ in [0x80, 0x00] }), (contentPath, { _ in [0x80, 0x05, 1, 2, 3, 4, 5] }),
            ]
            for (path, change) in changes {
                let error = try refusalOfNoise(of: pattern(100), receiver, requires: protection) {
                    let tree = DERTree(try PayloadEncryptor.seal(pattern(100), for: receiver.validated, protection: protection))
                    return tree.replacing(path, with: change(tree.bytes(at: path))).encoded
                }
                #expect(error?.code == .decryptionFailed)
                texts.append(error?.description ?? "opened")
            }
        }
        let ec = try Receiver.p256()
        let tree = DERTree(try PayloadEncryptor.seal(pattern(100), for: ec.validated, protection: .strong))
        let (point, wrapped) = ([1, 0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 3, 0, 1])
        for (path, offset) in [(point, 5), (point, 30), (wrapped, 2), (wrapped, 20)] {
            texts.append(
                refusal(tree.replacing(path, with: tree.bytes(at: path).flipped(at: offset)).encoded, ec)?.description ?? "opened"
            )
        }
        texts.append(refusal(tree.replacing(point, with: [0x03, 0x02, 0x00, 0x00]).encoded, ec)?.description ?? "opened")
        #expect(Set(texts) == ["decryptionFailed: the payload does not decrypt"])
    }
}

extension [UInt8] {
    func flipped(at position: Int) -> [UInt8] {
        var changed = self
        changed[position] ^= 0x40
        return changed
    }
}

extension Range<Int> {
    /// The same numbers again and again.
    func cycled() -> UnfoldSequence<Int, Int> {
        sequence(state: lowerBound) { [self] state in
            defer { state = state + 1 == upperBound ? lowerBound : state + 1 }
            return state
        }
    }
}

/// DER taken apart, so that one object can be put in another's place and all lengths around it come right.
struct DERTree {
    private let nodes: [Node]

    private struct Node {
        var raw: [UInt8]
        var tag: UInt8
        var children: [Node]?

        var encoded: [UInt8] {
            guard let children else { return raw }
            let contents = children.flatMap(\.encoded)
            let octets = withUnsafeBytes(of: UInt32(contents.count).bigEndian) { Array($0.drop { $0 == 0 }) }
            return (contents.count < 128 ? [tag, UInt8(contents.count)] : [tag, 0x80 | UInt8(octets.count)] + octets) + contents
        }

        static func parse(_ der: [UInt8]) -> [Node] {
            var (nodes, rest) = ([Node](), der[...])
            while let tag = rest.first {
                let start = rest.startIndex
                let inside = contents(&rest)
                nodes.append(
                    Node(raw: Array(der[start..<rest.startIndex]), tag: tag, children: tag & 0x20 != 0 ? parse(inside) : nil))
            }
            return nodes
        }

        func replacing(_ path: ArraySlice<Int>, with bytes: [UInt8]) -> Node {
            guard let first = path.first else { return Node(raw: bytes, tag: 0, children: nil) }
            var children = children ?? []
            children[first] = children[first].replacing(path.dropFirst(), with: bytes)
            return Node(raw: [], tag: tag, children: children)
        }

        func node(_ path: ArraySlice<Int>) -> Node {
            guard let first = path.first, let children else { return self }
            return children[first].node(path.dropFirst())
        }
    }

    init(_ der: [UInt8]) { nodes = Node.parse(der) }

    private init(nodes: [Node]) { self.nodes = nodes }

    var encoded: [UInt8] { nodes.flatMap(\.encoded) }

    /// - Parameter path: positions from the outermost object's children inwards.
    func replacing(_ path: [Int], with bytes: [UInt8]) -> DERTree {
        // What is replaced with nothing still has its place in paths.
        DERTree(nodes: [nodes[0].replacing(path[...], with: bytes)] + nodes.dropFirst())
    }

    func bytes(at path: [Int]) -> [UInt8] { nodes[0].node(path[...]).encoded }
}
