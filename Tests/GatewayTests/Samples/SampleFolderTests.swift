import Foundation
import Gateway
import TestSupport
import Testing

@Suite("samples: folders")
struct SampleFolderTests {
    /// A folder that is gone when the test is.
    private static func inFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "msggw-samples-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder.path)
    }

    @Test func `a folder that does not exist is an error`() {
        #expect(throws: SampleError.folderMissing("/nowhere/samples")) { try SampleFolder("/nowhere/samples") }
    }

    @Test func `a file is no folder`() throws {
        try Self.inFolder(["a.xml": "<a/>"]) { folder in
            #expect(throws: SampleError.folderMissing("\(folder)/a.xml")) { try SampleFolder("\(folder)/a.xml") }
        }
    }

    @Test(arguments: [[:], ["README.md": "x"], ["below/README.MD": "x", ".hidden": "x", ".git/config": "x"]])
    func `a folder without cases is an error`(files: [String: String]) throws {
        try Self.inFolder(files) { folder in
            #expect(throws: SampleError.noCases(folder)) { try SampleFolder(folder) }
        }
    }

    @Test func `cases are found at any depth and keep their names`() throws {
        try Self.inFolder(["b.xml": "<b/>", "deep/er/a.json": "{}", "README.md": "x"]) { folder in
            let samples = try SampleFolder(folder)
            #expect(samples.files == ["b.xml", "deep/er/a.json"])
            #expect(samples.judge("b.xml").name.hasSuffix("/b.xml"))
        }
    }

    @Test func `a bad file is refused, one of another kind skipped, and neither stops the run`() throws {
        try Self.inFolder(["a.xml": "<MsgHead", "b.bin": "\0\0", "c.json": "{}", "d.xml": "<other/>", "empty": ""]) { folder in
            let samples = try SampleFolder(folder)
            var count = SampleCount()
            let judged = samples.files.map(samples.judge)
            judged.forEach { count.add($0) }
            #expect(judged.map(\.verdict) == [.refused, .skipped, .skipped, .skipped, .skipped])
            #expect(
                "\(count)" == "samples: 5 files, 0 accepted, 0 accepted with deviations, 1 refused, 4 not a format msggw reads")
        }
    }

    @Test func `a file that cannot be read is refused`() throws {
        try Self.inFolder(["a.xml": "<a/>"]) { folder in
            let samples = try SampleFolder(folder)
            #expect(samples.judge("gone.xml").verdict == .refused)
        }
    }
}
