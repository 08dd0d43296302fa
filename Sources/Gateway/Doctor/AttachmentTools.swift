/// Looks at the programs that make PDF of attachments and letters: which are set, and whether they are there.
enum AttachmentTools {
    static func examine(_ settings: NodeSettings, _ report: inout DoctorReport) {
        examineLetters(settings.letters, &report)
        let converters = settings.attachments.converters.sorted { $0.key.rawValue < $1.key.rawValue }
        for (format, words) in converters {
            guard let name = words.first else { continue }
            if let program = ShutInProgram.find(name) {
                report.ok("attachments", "\(format.rawValue) is made into PDF by \(program)")
            } else {
                report.warn(
                    "attachments", "\(format.rawValue) is to be made into PDF by \(name), which is not installed",
                    "install it, or correct attachments.converters; until then such files are refused where a receiver cannot open them"
                )
            }
        }
        if converters.isEmpty {
            report.ok(
                "attachments", "no converter is set: files that a receiver cannot open are refused (attachments.converters)")
        } else if ShutInProgram.walls() == nil {
            report.warn(
                "attachments", "unshare and prlimit are not installed, so no converter is run", "install util-linux")
        }
    }

    /// Only where letters go to families is it a fault that they are no PDF.
    private static func examineLetters(_ letters: LetterSettings, _ report: inout DoctorReport) {
        if let name = letters.converter.first {
            if let program = ShutInProgram.find(name) {
                report.ok("letters", "letters are made into PDF by \(program)")
            } else {
                report.warn(
                    "letters", "letters are to be made into PDF by \(name), which is not installed",
                    "install it, or set letters.converter to [] for msggw's own pages")
            }
            return
        }
        do throws(LetterConverter.Failure) {
            _ = try LetterPages.faces(letters.fonts)
            report.ok("letters", "letters are made into PDF with the fonts \(letters.fonts.joined(separator: ", "))")
        } catch {
            if letters.mailbox == nil {
                report.ok("letters", "letters are not made into PDF here: \(error)")
            } else {
                report.warn("letters", "letters are not made into PDF: \(error)", "until then families get the page in HTML")
            }
        }
    }
}
