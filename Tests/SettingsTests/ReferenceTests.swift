import Foundation
import Platforms
import Testing

@testable import Settings

@Suite("The reference of registrar.yaml")
struct ReferenceTests {
    /// The documentation, beside the tests.
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../docs/configuration.md").standardizedFileURL.path

    @Test("in docs/configuration.md is the one that the code makes", arguments: PlatformRegistry.kinds.map(\.kind))
    func isUpToDate(kind: String) throws {
        let kinds = PlatformRegistry.kinds.filter { $0.kind == kind }
        let text = ConfigurationReference.markdown(kinds: kinds)
        let start = try #require(text.range(of: "### Kind")).lowerBound
        let section = text[start...].trimmingCharacters(in: .newlines)
        let document = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(document.contains(section), "docs/configuration.md lacks this:\n\(section)")
    }
}
