import ArgumentParser
import Gateway

extension MsgGW {
    /// Verdicts on real samples.
    struct Samples: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read folders of samples and print a verdict for each file.",
            discussion: """
                A line for each file: its name, the verdict and the reason. The verdicts are `accepted`, \
                `accepted-with-deviations` (read, with what the sender does differently), `refused` (malformed, or its \
                signature does not verify) and `skipped` (not a format msggw reads). The last line counts them. \
                A refused sample is a result and no failure; a folder that does not exist or holds no samples is one.
                """)

        @Argument(help: "Folders of samples, looked through to any depth.", completion: .directory)
        var folders: [String]

        func run() async throws {
            try await reporting {
                // All of them before the first is judged: a mistyped name should not come after a hundred lines.
                let samples = try folders.map { try SampleFolder($0) }
                var count = SampleCount()
                for folder in samples {
                    for file in folder.files {
                        let judged = folder.judge(file)
                        count.add(judged)
                        say(judged.description)
                    }
                }
                say(count.description)
            }
        }
    }
}
