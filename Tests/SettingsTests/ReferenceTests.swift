import Foundation
import Platforms
import Testing

@testable import Settings

@Suite("The reference of registrar.yaml")
struct ReferenceTests {
    private static let kinds = PlatformRegistry.kinds

    /// A page of the documentation, beside the tests.
    private static func document(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/\(path)")
            .standardizedFileURL
    }

    /// Compares what stands between two marks of a page with what the code makes; where it differs, the page is written
    /// anew if the environment asks for it.
    private static func compare(_ path: String, after start: String, before end: String?, with text: String) throws {
        let url = document(path)
        let page = try String(contentsOf: url, encoding: .utf8)
        let from = try #require(page.range(of: start), "\(path) lacks \(start)").upperBound
        let to = try end.map { try #require(page.range(of: $0, range: from..<page.endIndex)).lowerBound }
        let place = from..<(to ?? page.endIndex)
        if page[place] != text, ProcessInfo.processInfo.environment["REGISTRAR_WRITE_DOCS"] == "1" {
            try page.replacingCharacters(in: place, with: text).write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(page[place] == text, "write it anew: REGISTRAR_WRITE_DOCS=1 swift test --filter ReferenceTests")
    }

    @Test("in docs/configuration.md is the one that the code makes")
    func isUpToDate() throws {
        let text = ConfigurationReference.markdown(kinds: Self.kinds).trimmingCharacters(in: .newlines)
        try Self.compare(
            "configuration.md",
            after: "<!-- from the declarations -->\n",
            before: nil,
            with: "\n\(text)\n"
        )
    }

    @Test(
        "a platform's page has the table of its options as they are declared",
        arguments: [
            ("grow", "grow-and-learnworlds"), ("learnworlds", "grow-and-learnworlds"), ("blackboard", "blackboard"),
            ("matrix", "matrix"),
        ]
    )
    func options(kind: String, page: String) throws {
        let described = try #require(Self.kinds.first { $0.kind == kind })
        let kinds = page == "grow-and-learnworlds" ? "grow, learnworlds" : kind
        try Self.compare(
            "platforms/\(page).md",
            after: "<!-- options of \(kinds) -->\n",
            before: "<!-- end of the options -->",
            with: "\n\(ConfigurationReference.options(of: described).joined(separator: "\n"))\n\n"
        )
    }

    @Test("every option of every kind is read back as init writes it", arguments: kinds)
    func template(kind: KindDescription) throws {
        let lines = ConfigurationTemplate.yaml(kind: kind.kind).split(separator: "\n").filter { line in
            kind.options.contains { line.hasPrefix("    #   \($0.name): ") }
        }
        let options = lines.map { "      " + $0.dropFirst("    #   ".count) }.joined(separator: "\n")
        let credentials = try #require(kind.credentialSets.first).map { "    \($0): x\n" }.joined()
        let text = """
            sources:
              - id: school
                kind: \(kind.kind)
                url: https://school.example.org
            \(credentials)    options:
            \(options)

            """
        let configuration = try RegistrarConfiguration(parsing: Array(text.utf8), file: "f", environment: [:])
        let source = try #require(configuration.sources.first)
        for option in kind.options {
            switch option.standard {
            case .value(let value): #expect(source.options[option.name] == value, "\(option.name)")
            case .none(let example): #expect(source.options[option.name] == example, "\(option.name)")
            }
            #expect(option.help.hasSuffix(".") && !option.help.contains("\n"), "\(option.name) has a sentence as help")
        }
    }
}
