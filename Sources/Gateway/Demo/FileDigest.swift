import Envelope
import Native

/// SHA-256 of a file, for people to compare.
public enum FileDigest {
    /// - Returns: 64 hexadecimal digits. The file is read in pieces.
    public static func sha256(_ path: String) throws -> String {
        let file = try FileReader(path, followsLinks: true)
        var digest = Digest(.sha256)
        while true {
            let piece = try file.read(256 << 10)
            if piece.isEmpty { break }
            digest.update(piece)
        }
        return Hexadecimal.text(digest.finish())
    }
}
