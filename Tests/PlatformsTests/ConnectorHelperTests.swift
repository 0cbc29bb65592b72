import Records
import Testing

@testable import Platforms

@Suite("What connectors share")
struct ConnectorHelperTests {
    @Test("a list is cut in its order, the last part is what is left, and nothing gives no part")
    func chunks() {
        #expect([1, 2, 3, 4, 5].chunks(of: 2) == [[1, 2], [3, 4], [5]])
        #expect([1, 2, 3, 4].chunks(of: 2) == [[1, 2], [3, 4]])
        #expect([1, 2].chunks(of: 5) == [[1, 2]])
        #expect([Int]().chunks(of: 5).isEmpty)
    }

    @Test("of equal elements the first keeps its place")
    func uniqued() {
        #expect(["b", "a", "b", "c", "a"].uniqued() == ["b", "a", "c"])
        #expect([Int]().uniqued().isEmpty)
    }

    @Test(
        "a day begins at midnight UTC, before 1970 too",
        arguments: [
            (0, 0), (1, 0), (86_399_999_999, 0), (86_400_000_000, 86_400_000_000), (-1, -86_400_000_000),
            (-86_400_000_000, -86_400_000_000), (-86_400_000_001, -172_800_000_000),
        ] as [(Int64, Int64)]
    )
    func startOfDay(instant: Int64, midnight: Int64) {
        #expect(Timestamp(microsecondsSinceEpoch: instant).startOfDay.microseconds == midnight)
    }
}
