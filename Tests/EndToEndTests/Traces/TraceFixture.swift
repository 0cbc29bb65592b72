import Foundation
import Testing

/// The recorded trace of one school, `Fixtures/<kind>-<seed>.txt`.
struct TraceFixture {
    /// Where the fixtures lie.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures", isDirectory: true)
    /// How traces are recorded anew, for the words of a failure.
    static let command = "deploy/record-traces.sh"

    /// The folder that whole traces are wanted in, or `nil`.
    static var wholeTraces: String? {
        ProcessInfo.processInfo.environment["REGISTRAR_WHOLE_TRACES"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file's name.
    let name: String

    /// Compares a trace with the fixture, or writes it down where traces are being recorded.
    func check(_ trace: Trace, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if let folder = Self.wholeTraces {
            let file = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(name)
            try Data(trace.text(isWhole: true).utf8).write(to: file)
            return
        }
        let file = Self.folder.appendingPathComponent(name)
        let text = trace.text()
        if ProcessInfo.processInfo.environment["REGISTRAR_RECORD_TRACES"] == "1" {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let recorded = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard recorded != text else { return }
        Issue.record(
            """
            \(name) is another trace than the recorded one.
            \(Self.difference(from: recorded, to: text))
            Where the change is meant, record the traces anew and say in the commit why: \(Self.command)
            Whole lists of both versions, to see what a hash stands for: \(Self.command) --whole FOLDER
            """,
            sourceLocation: sourceLocation
        )
    }

    /// The sections that differ, and the first lines in which they do.
    static func difference(from recorded: String, to text: String) -> String {
        let (old, new) = (sections(of: recorded), sections(of: text))
        let names = new.map(\.name) + old.map(\.name).filter { name in !new.contains { $0.name == name } }
        let differing = names.filter { name in
            old.first { $0.name == name }?.lines != new.first { $0.name == name }?.lines
        }
        guard let first = differing.first else { return "The sections are the same in another order." }
        let before = old.first { $0.name == first }?.lines ?? []
        let after = new.first { $0.name == first }?.lines ?? []
        let changes = after.difference(from: before).map { change in
            switch change {
            case .remove(let offset, let line, _): (offset: offset, text: "- \(line)")
            case .insert(let offset, let line, _): (offset: offset, text: "+ \(line)")
            }
        }
        let lines = changes.sorted { ($0.offset, $1.text) < ($1.offset, $0.text) }.map(\.text)
        let rest = lines.count > 12 ? ["… \(lines.count - 12) lines more"] : []
        return (["Differing sections: \(differing.joined(separator: ", "))", "== \(first)"] + lines.prefix(12) + rest)
            .joined(separator: "\n")
    }

    private static func sections(of text: String) -> [(name: String, lines: [String])] {
        var sections: [(name: String, lines: [String])] = [("head", [])]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("== ") {
                sections.append((String(line.dropFirst(3)), []))
            } else if !line.isEmpty {
                sections[sections.count - 1].lines.append(line)
            }
        }
        return sections
    }
}
