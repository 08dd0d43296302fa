import Foundation

/// The script and the text of an export.
enum EvidenceWords {
    static func script(_ proofs: [SignedProof]) -> String {
        var lines = [
            "#!/bin/sh", "# Checks this folder with openssl and xmlsec1 alone. Ends with 0 only when everything holds.",
            "cd \"$(dirname \"$0\")\" || exit 1", "failed=0",
            "check() { if out=$(\"$@\" 2>&1); then echo \"holds: $what\"; else echo \"DOES NOT HOLD: $what\"; echo \"$out\"; failed=1; fi; }",
            "what='the files are those that were exported'; check sha256sum -c --quiet SHA256SUMS",
        ]
        for proof in proofs {
            lines.append("echo '== \(proof.place)'")
            for command in proof.commands() { lines.append("what='\(purpose(command))'; check sh -c '\(quoted(command))'") }
        }
        lines += [
            "echo '== audit'",
            "for file in audit/*.bin; do",
            "  number=$(basename \"$file\" .bin); hash=$(openssl dgst -sha256 -r \"$file\" | cut -d' ' -f1)",
            "  what=\"record $number of the audit trail\"; check grep -q \"\\\"hash\\\":\\\"$hash\\\".*\\\"sequence\\\":$number[,}]\" audit/records.jsonl",
            "done", "exit $failed", "",
        ]
        return lines.joined(separator: "\n")
    }

    /// A single quote ends the quoting, stands for itself, and begins it again.
    private static func quoted(_ command: String) -> String { command.replacing("'", with: "'\\''") }

    private static func purpose(_ command: String) -> String {
        if command.hasPrefix("openssl verify") { return "the certificate leads to a root" }
        if command.hasPrefix("openssl x509") { return "its public key can be read" }
        if command.hasPrefix("openssl dgst") { return "the signature is that key'\\''s" }
        if command.hasPrefix("grep ") {
            return command.contains("header.bin") ? "the header is the one that was signed" : "a part is the one that was signed"
        }
        if command.hasPrefix("xmlsec1") { return "the whole message is the one that was signed" }
        return "the signer is known"
    }

    static func readme(_ message: MessageRecord, _ proofs: [SignedProof], _ missing: [String], node: String, at now: Date)
        -> String
    {
        var lines = [
            "Evidence for one message, exported by the node \(node) at \(now.formatted(.iso8601)).", "",
            "MessageId     \(message.messageID)", "document      \(message.documentID)", "kind          \(message.kind)",
            "from          \(message.sender)", "to            \(message.receiver)", "state here    \(message.state.rawValue)", "",
            "Check it with:  sh verify.sh     (needs sh, coreutils, openssl 1.1.1 or newer, xmlsec1)", "",
            "What is here, and what it proves:", "",
        ]
        for proof in proofs { lines.append("  \(proof.place)/  \(proof.title).") }
        lines += [
            "",
            "  In each: soap.xml, the signed header byte for byte; header.bin, what the signature covers of it (all but the signature, C14N);",
            "  signed-info.bin, the canonical ds:SignedInfo that was signed, with the digests of header.bin and of every part; signature.bin, its",
            "  value; signer.pem, the certificate; part-N.cms, the encrypted parts when they are kept. Where a part is not kept, xmlsec1 cannot",
            "  be asked, and what is proved of the header is header.bin; soap.xml is then for reading.",
            "  A signature over SignedInfo covers the header and every part by their digests, so an Acknowledgment, which repeats the",
            "  digests of the message, proves that the receiver had exactly these bytes.", "",
            "  certificates/  The roots and intermediates that the node trusts, and the revocation lists it had when it exported.",
            "  audit/         What the node wrote down, each record with the hash that chains it to the one before. N.bin are the bytes",
            "                 that record N's hash is over; they begin with the hash of record N-1. That the chain was not written anew is",
            "                 shown by the signed checkpoints and by 'msggw audit export' of the whole trail.", "",
            "What the document says is not here: the parts are encrypted for the receiver, who can open them.",
        ]
        if !missing.isEmpty { lines += ["", "Not here:"] + missing.map { "  - \($0)." } }
        return lines.joined(separator: "\n") + "\n"
    }
}
