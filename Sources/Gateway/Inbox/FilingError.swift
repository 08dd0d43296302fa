import Foundation

/// Why a received message could not be written into the folder that a person named. The message stays as it was.
public struct FilingError: Error, Sendable, CustomStringConvertible {
    public let folder: String
    public let reason: String
    /// What it is when the folder is the node's own: then its configuration is at fault.
    let ofNode: StoreError

    public var description: String { "cannot save into \(folder): \(reason); name another folder" }

    /// - Parameter refusal: of a file in the folder.
    init(folder: String, _ refusal: StoreError) { (self.folder, reason, ofNode) = (folder, refusal.reason, refusal) }

    /// - Parameter error: of the folder itself.
    init(folder: String, _ error: CocoaError) {
        let cause = (error.underlying as? POSIXError)?.code
        let words = cause.map { String(cString: strerror($0.rawValue)) }
        self.folder = folder
        if cause == .ENOSPC || cause == .EDQUOT, let words {
            reason = words
        } else {
            reason = "it is not a folder that this user may write" + (words.map { " (\($0))" } ?? "")
        }
        ofNode = StoreError(.cannotOpen, reason: "cannot file the message in \(folder): \(error.localizedDescription)")
    }
}
