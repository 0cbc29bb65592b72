import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("Names in learners.custom_fields")
struct CustomFieldNameTests {
    /// A field that the kind has and that may be kept.
    private static let good = ["blackboard": "uuid", "matrix": "gender"]

    @Test(
        "that come to nothing are said by doctor and by plan, before a load and after it",
        .timeLimit(.minutes(2)),
        arguments: PlatformCase.all
    )
    func said(platform: PlatformCase) async throws {
        let good = Self.good[platform.kind] ?? "utms"
        try await withSchool(platform.school(.small, 75)) { whole in
            let harness = whole.configured { $0.customFields = .named(["password", "no_such_field", good]) }
            for isLoaded in [false, true] {
                if isLoaded { #expect(await harness.baseline().exitCode == 0) }
                let found = await harness.service("doctor").doctor().filter { $0.outcome == .warn }.map(\.detail)
                let report = try await harness.service("plan").plan(sources: [], baseline: false)
                let notes = try #require(report.sources.first).notes
                for words in [found, notes] {
                    let named = words.filter { $0.hasPrefix("learners.custom_fields names ") }
                    #expect(named.contains { $0.contains("never kept there: password") }, "\(words)")
                    #expect(named.contains { $0.contains("no account of the platform has: no_such_field") }, "\(words)")
                    #expect(!named.contains { $0.contains(": \(good)") || $0.contains(", \(good)") }, "\(words)")
                }
            }
        }
    }
}
