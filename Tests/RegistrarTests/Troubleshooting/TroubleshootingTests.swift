import Foundation
import Testing

@Suite("docs/troubleshooting.md and the messages of the code")
struct TroubleshootingTests {
    private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardizedFileURL
    private static let page = root.appendingPathComponent("docs/troubleshooting.md")
    /// Programs of their own, and what only tests link.
    private static let others = ["LMSSimulator/", "lms-simulator/", "RegistrarTesting/"]

    private static let sources: [(path: String, tokens: [SwiftToken])] = {
        let folder = root.appendingPathComponent("Sources").path
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { file in file.hasSuffix(".swift") && !others.contains { file.hasPrefix($0) } }.sorted()
            .map { file in
                let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
                return (file, SwiftLexer.tokens(of: text ?? ""))
            }
    }()

    private static let scan = MessageScan(makers: MessageMaker.all, sources: sources)

    /// By what is printed: the exit codes of all places that print it.
    private static let messages: [String: (exits: Set<String>, places: [String])] = scan.messages.reduce(into: [:]) {
        messages,
        message in
        guard MessageMaker.unshown[message.pattern] == nil else { return }
        let exits = MessageMaker.overrides[message.pattern] ?? message.exits
        messages[message.pattern, default: ([], [])].exits.formUnion(exits)
        messages[message.pattern, default: ([], [])].places.append(message.place)
    }

    @Test("every message of the code has an entry, and every entry a message")
    func messages() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let listed = TroubleshootingPage(text).entries.flatMap(\.messages)
        let missing = Set(Self.messages.keys).subtracting(listed).sorted()
        for message in missing {
            Issue.record(
                """
                not in docs/troubleshooting.md: \(message) (\(Self.messages[message]?.places.joined(separator: ", ") ?? "")); \
                REGISTRAR_WRITE_DOCS=1 swift test --filter TroubleshootingTests adds it, its remedy left to write
                """
            )
        }
        for message in Set(listed).subtracting(Self.messages.keys).sorted() {
            Issue.record("the code has no such message any more: \(message)")
        }
        for (message, entries) in Dictionary(grouping: listed, by: \.self) where entries.count > 1 {
            Issue.record("listed \(entries.count) times: \(message)")
        }
        guard !missing.isEmpty, ProcessInfo.processInfo.environment["REGISTRAR_WRITE_DOCS"] == "1" else { return }
        let drafts = missing.map { TroubleshootingPage.draft($0, exits: Self.messages[$0]?.exits ?? []) }
        try (text + drafts.joined()).write(to: Self.page, atomically: true, encoding: .utf8)
    }

    @Test("every entry says what happened, what to do, and the exit code that the code gives")
    func entries() throws {
        let entries = TroubleshootingPage(try String(contentsOf: Self.page, encoding: .utf8)).entries
        for entry in entries {
            #expect(!entry.messages.isEmpty)
            #expect(!entry.meaning.isEmpty, "no meaning: \(entry.messages)")
            #expect(!entry.remedy.isEmpty, "no remedy: \(entry.messages)")
            #expect(!entry.exits.isEmpty, "no exit code: \(entry.messages)")
            for message in entry.messages {
                guard let exits = Self.messages[message]?.exits, !exits.isEmpty else { continue }
                #expect(entry.exits == exits, "\(message)")
            }
        }
    }

    @Test("no place that makes messages is passed over")
    func scanIsWhole() throws {
        for (number, maker) in MessageMaker.all.enumerated() {
            #expect(Self.scan.met.contains(number), "nothing is made by \(maker.name) in \(maker.place)")
        }
        for (text, place) in Self.scan.forwarded where MessageMaker.forwards[text] == nil {
            Issue.record("\(place): no text is found in \(text): write it there, or name it in MessageMaker.forwards")
        }
        let forwarded = Set(Self.scan.forwarded.map(\.text))
        for text in MessageMaker.forwards.keys where !forwarded.contains(text) {
            Issue.record("MessageMaker.forwards names what is not there any more: \(text)")
        }
        #expect(Self.messages.count > 300)
    }

    @Test("exit codes that are overruled after an error was made are known")
    func overrides() {
        let assignments = Self.sources.map { source in
            let tokens = source.tokens
            return tokens.indices.dropLast(2).count { index in
                tokens[index].isWord("exitOverride") && tokens[index + 1].isSign("=") && tokens[index + 2].isSign(".")
            }
        }
        #expect(assignments.reduce(0, +) == MessageMaker.overrides.count)
        for message in MessageMaker.overrides.keys { #expect(Self.messages[message] != nil, "\(message)") }
        for message in MessageMaker.unshown.keys {
            #expect(Self.scan.messages.contains { $0.pattern == message }, "\(message)")
        }
    }

    @Test("every error type is known to the scan")
    func errorTypes() {
        let known = Set(MessageMaker.all.map(\.name)).union(MessageMaker.silentErrors)
        var met: Set<String> = []
        for (path, tokens) in Self.sources {
            for index in tokens.indices.dropLast(3) where Self.declares(tokens[index]) {
                guard case .word(let name) = tokens[index + 1].kind, tokens[index + 2].isSign(":") else { continue }
                let conformances = tokens[(index + 3)...].prefix { !$0.isSign("{") }
                guard conformances.contains(where: { $0.isWord("Error") }) else { continue }
                met.insert(name)
                // Its words stand in its description, which is a maker of its own.
                guard name != "EventWindowError", name != "JSONError" else { continue }
                let isKnown = known.contains(name)
                #expect(isKnown, "\(path): add \(name) to MessageMaker.all, or to silentErrors")
            }
        }
        #expect(met.isSuperset(of: ["ExtractorError", "LoadError", "PostgresError", "SyncError", "CommandFailure"]))
        #expect(met.isSuperset(of: MessageMaker.silentErrors))
    }

    private static func declares(_ token: SwiftToken) -> Bool {
        ["struct", "enum", "class", "actor", "extension"].contains(where: token.isWord)
    }
}
