import Foundation
import Records
import Testing

@testable import Platforms

@Suite("What a kind declares to fill")
struct DataDeclarationTests {
    private static let kinds = PlatformRegistry.kinds

    private static func document(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/\(path)")
            .standardizedFileURL
    }

    /// Where the text of the page differs, the page is written anew if the environment asks for it.
    private static func replace(_ old: String, with new: String, at url: URL) throws {
        guard ProcessInfo.processInfo.environment["REGISTRAR_WRITE_DOCS"] == "1" else { return }
        try new.write(to: url, atomically: true, encoding: .utf8)
    }

    @Test("tables and columns of the declaration are those of the records", arguments: kinds.map(\.kind))
    func names(kind: String) throws {
        let data = try #require(Self.kinds.first { $0.kind == kind }).data
        for entry in data.filled {
            let table = try #require(Table.named(entry.table))
            let columns = Set(table.nonKeyColumns.map(\.name))
            #expect(columns.isSuperset(of: entry.columns), "\(table.name)")
        }
        let empty = Set(data.empty)
        for name in data.reasons.flatMap(\.names) { #expect(empty.contains(name), "\(kind) fills \(name)") }
        for name in data.conditions.flatMap(\.names) {
            #expect(!empty.contains(name), "\(kind) fills \(name) never")
            let parts = name.split(separator: ".").map(String.init)
            let table = parts[0] == Table.schema ? Table.named(parts[1]) : Table.named(parts[0])
            #expect(
                table != nil && (parts[0] == Table.schema || table?.columns.contains { $0.name == parts[1] } == true)
            )
        }
    }

    @Test("what no kind fills says reserved in its comment, and nothing else does")
    func reserved() {
        for table in Table.all {
            for column in table.columns {
                let isFilled = Self.kinds.contains { $0.data.fills(column, of: table) }
                #expect(column.comment.hasPrefix("Reserved") == !isFilled, "\(table.name).\(column.name)")
            }
        }
    }

    @Test("docs/data-dictionary.md is the one that records and declarations make")
    func dictionary() throws {
        let url = Self.document("data-dictionary.md")
        let (text, page) = (DataDictionary.markdown(kinds: Self.kinds), try String(contentsOf: url, encoding: .utf8))
        if page != text { try Self.replace(page, with: text, at: url) }
        #expect(page == text, "write it anew: REGISTRAR_WRITE_DOCS=1 swift test --filter DataDeclarationTests")
    }

    @Test(
        "the platform's page says what stays empty as the declaration does",
        arguments: [
            ("grow", "grow-and-learnworlds"), ("learnworlds", "grow-and-learnworlds"), ("blackboard", "blackboard"),
            ("matrix", "matrix"),
        ]
    )
    func page(kind: String, name: String) throws {
        let data = try #require(Self.kinds.first { $0.kind == kind }).data
        let url = Self.document("platforms/\(name).md")
        let page = try String(contentsOf: url, encoding: .utf8)
        let (start, end) = ("<!-- from the declaration -->\n", "<!-- end of the declaration -->")
        let from = try #require(page.range(of: start)).upperBound
        let to = try #require(page.range(of: end, range: from..<page.endIndex)).lowerBound
        let text = "\n" + data.markdown + "\n"
        if page[from..<to] != text { try Self.replace(page, with: page[..<from] + text + page[to...], at: url) }
        #expect(
            page[from..<to] == text,
            "write it anew: REGISTRAR_WRITE_DOCS=1 swift test --filter DataDeclarationTests"
        )
    }
}
