import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("A bare date where a connector expects a moment")
struct BareDateTests {
    private static let zone = "Europe/Bucharest"

    private func settings(_ kind: String) -> SourceSettings {
        var settings = PlannedRun(kind: kind, streams: []).settings
        settings.timeZone = Self.zone
        return settings
    }

    private func batch<Content: Record>(
        _ json: String,
        _ read: (JSONValue, inout Batch<Content>) -> Void
    ) throws -> Batch<Content> {
        var batch = Batch<Content>(stream: "stream")
        try JSONDocument(parsing: Array(json.utf8)).withRoot { read($0, &batch) }
        return batch
    }

    /// 8 March 2025, 0:00 in Bucharest.
    private let midnight = Timestamp(microsecondsSinceEpoch: 1_741_384_800_000_000)
    private let now = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)

    @Test("is midnight in the zone that is configured", arguments: ["grow", "learnworlds"])
    func learnWorlds(kind: String) throws {
        let mapping = LearnWorldsMapping(settings: settings(kind), options: LearnWorldsOptions([:]), now: now)
        let courses = try batch(#"[{"id":"c","title":"C","created":"2025-03-08","modified":"2025-03-08"}]"#) {
            mapping.courses($0, into: &$1)
        }
        #expect(courses.records.map(\.createdAt) == [midnight] && courses.records.map(\.modifiedAt) == [midnight])
    }

    @Test("is midnight in the zone that is configured, on Blackboard")
    func blackboard() throws {
        let mapping = BlackboardMapping(settings: settings("blackboard"), options: BlackboardOptions([:]), now: now)
        let columns = try batch(#"[{"id":"_1_1","name":"N","grading":{"type":"Manual","due":"2025-03-08"}}]"#) {
            _ = mapping.columns($0, course: "_5_1", categories: [:], into: &$1)
        }
        #expect(columns.records.map(\.dueAt) == [midnight])
    }

    @Test("is midnight in the zone that is configured, on MATRIX")
    func matrix() throws {
        let mapping = MatrixMapping(settings: settings("matrix"), now: now)
        let assignments = try batch(#"[{"id":6001,"name":"N","type":"quiz","begin":"2025-03-08","end":"2025-03-08"}]"#)
        {
            mapping.assignments($0, course: "501", into: &$1)
        }
        #expect(assignments.records.map(\.opensAt) == [midnight] && assignments.records.map(\.dueAt) == [midnight])
    }
}
