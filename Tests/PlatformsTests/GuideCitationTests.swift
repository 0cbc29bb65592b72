import Foundation
import Testing

/// Comments name a place of a connector's guide as `Sources/Platforms/Matrix/README.md §5`, from the repository's root,
/// a numbered item of that section as `, trap 6` behind it.
@Suite("Citations of the connectors' guides")
struct GuideCitationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL

    private static let guides = Dictionary(
        uniqueKeysWithValues: ["Blackboard", "LearnWorlds", "Matrix"].map { name in
            let file = root.appendingPathComponent("Sources/Platforms/\(name)/README.md")
            return (name, sections(of: (try? String(contentsOf: file, encoding: .utf8)) ?? ""))
        }
    )

    @Test("each in the sources and tests names a section and an item that exist")
    func sources() throws {
        var count = 0
        for folder in ["Sources", "Tests"] {
            let directory = Self.root.appendingPathComponent(folder)
            let files = try #require(FileManager.default.enumerator(atPath: directory.path))
            for case let path as String in files
            where path.hasSuffix(".swift") && !path.hasSuffix("/GuideCitationTests.swift") {
                let file = directory.appendingPathComponent(path)
                let (citations, faults) = Self.check(try String(contentsOf: file, encoding: .utf8))
                count += citations
                #expect(faults.isEmpty, "\(folder)/\(path)")
            }
        }
        #expect(count > 50, "the sources were not found")
    }

    @Test(
        "what does not exist is found, and so is a section without its guide",
        arguments: [
            ("/// Sources/Platforms/Matrix/README.md §8, trap 23.", nil),
            ("/// Sources/Platforms/Matrix/README.md §4 and §5 say", nil),
            ("let a = 1  // Sources/Platforms/Matrix/README.md §1, §4 and §11", nil),
            ("/// Sources/Platforms/Blackboard/README.md\n    /// §5, step\n    /// 2): whole", nil),
            ("/// Sources/Platforms/Moodle/README.md §8", "no guide Moodle"),
            ("/// Sources/Platforms/Matrix/README.md §12", "no section 12 in the guide Matrix"),
            ("/// Sources/Platforms/Matrix/README.md §1 to §12", "no section 12 in the guide Matrix"),
            ("/// Sources/Platforms/Matrix/README.md §8, trap 24", "no item 24 in section 8 of the guide Matrix"),
            ("/// Sources/Platforms/Matrix/README.md, section 4", "a section without its guide: README.md, section 4"),
            ("/// the guide's table, section 4", "a section without its guide: guide's table, section 4"),
            ("/// section 4 of the connector guide", "a section without its guide: section 4 of the connector guide"),
            ("/// the table (§4)", "a section without its guide: §4"),
        ]
    )
    func fault(text: String, fault: String?) { #expect(Self.check(text).faults == [fault].compactMap(\.self)) }

    /// How many places of guides the comments of a source name, and which of them a reader cannot follow.
    private static func check(_ source: String) -> (citations: Int, faults: [String]) {
        let comments = source.split(separator: "\n").compactMap { $0.firstMatch(of: /(?:^|\s)\/\/+ ?(.*)$/)?.1 }
        let text = comments.joined(separator: " ")
        let citation =
            /Sources\/Platforms\/(\w+)\/README\.md((?:(?:,| and| to)? §\d+)*)(?:, (?:trap|step|point) (\d+))?/
        var faults: [String] = []
        let matches = text.matches(of: citation)
        for match in matches {
            let (name, numbers) = (String(match.1), match.2.split { !$0.isNumber }.compactMap { Int($0) })
            guard let sections = guides[name] else {
                faults.append("no guide \(name)")
                continue
            }
            faults += numbers.filter { sections[$0] == nil }.map { "no section \($0) in the guide \(name)" }
            guard let item = match.3, let last = numbers.last, let section = sections[last] else { continue }
            let items = section.matches(of: /(?:^|\s)(\d+)\.\s/).map(\.1)
            if !items.contains(item) { faults.append("no item \(item) in section \(last) of the guide \(name)") }
        }
        let rest = text.replacing(citation, with: "README.md")
        let sectionAlone =
            /§\d+|(?:README\.md|guide)[^.;]{0,20}\bsections? \d+|\bsections? \d+ of the (?:\w+ )?guide\b/
        return (
            matches.count, faults + rest.matches(of: sectionAlone).map { "a section without its guide: \($0.output)" }
        )
    }

    /// The text of each numbered section by its number.
    private static func sections(of guide: String) -> [Int: String] {
        var sections: [Int: String] = [:]
        var number: Int?
        for line in guide.split(separator: "\n") {
            if let heading = line.firstMatch(of: /^## (\d+)\s/) { number = Int(heading.1) }
            if let number { sections[number, default: ""] += line + "\n" }
        }
        return sections
    }
}
