import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW.ConsentCommand {
    struct Situation: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Note what no message says of a child: who has responsibility, a protected address. Without --how: show it.",
            discussion: """
                The child is the patient of the document. A note takes the place of the one before it, as a whole, and whatever waits \
                to be sent is asked about anew. It is stored sealed; that it was noted or read is in the audit trail, not what it says.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "A document about the child.", completion: .file()) var document: String
        @Option(help: ArgumentHelp("Who noted it and how it is known: 'Folkeregisteret, lege 1'.", valueName: "text"))
        var how: String?
        @Option(
            help: ArgumentHelp("Who has parental responsibility: both, one, childWelfareHasCare, unknown.", valueName: "who"),
            transform: parentalResponsibility)
        var responsibility: SharingQuestion.Situation.Responsibility = .unknown
        @Flag(help: "The address is protected in the population register (kode 6 or 7).") var protectedAddress = false
        @Flag(help: "Somebody has checked that those who act for the child may do so.") var representationChecked = false
        @Flag(help: "The child, 12 or older, has asked with good reason that it be kept from the parents.")
        var keptFromGuardians = false
        @Flag(help: "The young person has given the guardians a power of attorney.") var powerOfAttorney = false
        @OptionGroup var reader: ReaderOptions

        func validate() throws {
            let says =
                responsibility != .unknown || protectedAddress || representationChecked || keptFromGuardians || powerOfAttorney
            if says, how == nil { throw ValidationError("Say with --how who knows this, and from where.") }
            if let how, how.allSatisfy(\.isWhitespace) {
                throw ValidationError("--how is empty; say who knows this, and from where.")
            }
        }

        func run() async throws {
            try await reporting {
                let bytes = try readFile(document, limit: 100 << 20)
                try await node.opened { running in
                    let situation =
                        if let how {
                            try await running.consents.note(ChildSituation(noted, how: how), about: bytes)
                        } else { try await running.consents.situation(about: bytes, for: reader.reading) }
                    try output.print(situation) { situation?.text ?? "Nothing is noted about this child." }
                }
            }
        }

        private var noted: SharingQuestion.Situation {
            var noted = SharingQuestion.Situation()
            (noted.responsibility, noted.hasProtectedAddress) = (responsibility, protectedAddress)
            (noted.representationChecked, noted.keptFromGuardians) = (representationChecked, keptFromGuardians)
            noted.guardiansHavePowerOfAttorney = powerOfAttorney
            return noted
        }
    }
}

extension ChildSituation {
    fileprivate var text: String {
        var lines = ["parental responsibility: \(responsibility)"]
        if hasProtectedAddress { lines.append("protected address") }
        if representationChecked { lines.append("those who act for the child may do so: checked") }
        if keptFromGuardians { lines.append("kept from the parents at the child's wish") }
        if guardiansHavePowerOfAttorney { lines.append("the guardians have a power of attorney") }
        return (lines + ["noted \(at.formatted(.iso8601)): \(how)"]).joined(separator: "\n")
    }
}

@Sendable private func parentalResponsibility(_ text: String) throws -> SharingQuestion.Situation.Responsibility {
    guard let who = SharingQuestion.Situation.Responsibility(rawValue: text) else {
        throw ValidationError("'\(text.prefix(40))' is none of both, one, childWelfareHasCare, unknown.")
    }
    return who
}
