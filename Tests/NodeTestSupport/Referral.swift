import Foundation
import TestSupport

/// Flow 1: the GP's referral of the samples, and variations of it.
public enum Referral {
    public static let documentID = "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a01"
    public static let kind = "HENVISNING_BUP"
    public static let sender = "80000601"
    public static let receiver = "80000401"

    private static let folder = Repository.root.appending(path: "samples/flow1")

    /// The paths of its two attachments.
    public static var attachments: [String] {
        ["pedagogisk-rapport.pdf", "spoerreskjema.jpg"].map { folder.appending(path: $0).path }
    }

    /// The document with pieces of text replaced, each of which must be there.
    public static func document(replacing changes: KeyValuePairs<String, String> = [:]) throws -> [UInt8] {
        var text = String(decoding: try Data(contentsOf: folder.appending(path: "henvisning.xml")), as: UTF8.self)
        for (old, new) in changes {
            guard text.contains(old) else { throw TestPKIError(description: "the referral does not hold what the test replaces") }
            text = text.replacing(old, with: new)
        }
        return Array(text.utf8)
    }
}
