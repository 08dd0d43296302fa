import Dispatch
import Foundation
import Native
import Synchronization

/// What the key operations of one message cost on this machine, both sides together, with nothing around them: what a gateway is
/// held against.
///
/// Sender: SHA-256 and one signature, AES-256-GCM, the content key wrapped for the receiver. Receiver: unwrap, AES-256-GCM,
/// SHA-256 and one verification, one signed receipt. Sender: the receipt verified. Keys are parsed and digests fetched once. A key
/// is agreed as OpenSSL does it unless it is told otherwise.
struct KeyBound: Sendable {
    let sender: PrivateKey
    let receiver: PrivateKey
    let senderPublic: PublicKey
    let receiverPublic: PublicKey
    let encryptionKey: PrivateKey
    let encryptionPublic: PublicKey
    let payload: [UInt8]
    private(set) var agreement = KeyAgreement(derivation: .sha256, wrap: .aes256, pointCheck: .order)

    /// The same with points checked as messages check them; nil where no key is agreed.
    var checkingLess: KeyBound? {
        guard case .ec = encryptionPublic.kind else { return nil }
        var bound = self
        bound.agreement = KeyAgreement(derivation: .sha256, wrap: .aes256)
        return bound
    }

    struct Figures: Sendable {
        let perSecond: Double
        /// CPU time of the process for one message, both sides.
        let cpuMicroseconds: Double
    }

    /// Messages with one thread for each core, for about that long.
    func measure(seconds: Double) throws -> Figures {
        let threads = ProcessInfo.processInfo.activeProcessorCount
        try message()
        let counts = Mutex<[Int]>([])
        let failure = Mutex<(any Error)?>(nil)
        let begin = ContinuousClock.now
        let cpu = ProcessTime.now
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var count = 0
            do {
                while begin.duration(to: .now) < .seconds(seconds) {
                    try message()
                    count += 1
                }
            } catch { failure.withLock { $0 = error } }
            counts.withLock { $0.append(count) }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let messages = Double(counts.withLock { $0.reduce(0, +) })
        return Figures(
            perSecond: messages / begin.duration(to: .now).inSeconds, cpuMicroseconds: (ProcessTime.now - cpu) / messages * 1e6)
    }

    private func message() throws {
        let signature = try sender.sign(payload, .sha256)
        let key = try SecretBytes.random(count: 32)
        let vector = [UInt8](repeating: 0, count: 12)
        var encryption = try CipherEncryption(.aes256GCM, key: key, vector: vector)
        var ciphertext = try encryption.update(payload[...])
        let (rest, tag) = try encryption.finish()
        ciphertext += rest
        let opened = try unwrap(try wrap(key))
        var decryption = try CipherDecryption(.aes256GCM, key: opened, vector: vector)
        let plaintext = try decryption.update(ciphertext[...])
        let receipt = [UInt8](repeating: 0, count: 256)
        guard decryption.finish(tag: tag) != nil, senderPublic.verify(signature, over: plaintext, .sha256),
            receiverPublic.verify(try receiver.sign(receipt, .sha256), over: receipt, .sha256)
        else { throw BenchmarkFailure("the key operations do not fit together") }
    }

    private enum Wrapped {
        case transport([UInt8])
        case agreement(AgreedKey)
    }

    private static let oaep = RSAKeyTransport.oaep(.sha256, mask: .sha256)

    private func wrap(_ key: borrowing SecretBytes) throws -> Wrapped {
        switch encryptionPublic.kind {
        case .rsa: .transport(try encryptionPublic.encrypt(key, Self.oaep))
        default: .agreement(try encryptionPublic.encrypt(key, agreement, sharedInfo: []))
        }
    }

    private func unwrap(_ wrapped: Wrapped) throws -> SecretBytes {
        switch wrapped {
        case .transport(let bytes): try encryptionKey.decrypt(bytes, Self.oaep, length: 32)
        case .agreement(let agreed): try encryptionKey.decrypt(agreed, agreement, sharedInfo: [], length: 32)
        }
    }
}

struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// CPU seconds of this process so far, all threads: a busy machine disturbs them less than the clock on the wall.
enum ProcessTime {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// CPU seconds of the calling thread so far.
enum ThreadTime {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
