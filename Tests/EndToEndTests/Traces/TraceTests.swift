import Foundation
import RegistrarTesting
import Testing

/// What each kind asks, in which order, and what it leaves in the warehouse, against recorded traces.
///
/// A trace is no promise to anybody. It shows that a change which should alter nothing has altered nothing, and what a change
/// that should alter something has altered. Each kind has a test of its own, so that they can run side by side.
@Suite("A school's life asks and stores what its trace says")
struct TraceTests {
    @Test("of Grow", .timeLimit(.minutes(3)), arguments: TracedSchool.schools(of: .grow))
    func grow(school: TracedSchool) async throws { try await check(school) }

    @Test("of LearnWorlds", .timeLimit(.minutes(3)), arguments: TracedSchool.schools(of: .learnWorlds))
    func learnWorlds(school: TracedSchool) async throws { try await check(school) }

    @Test("of Blackboard Learn", .timeLimit(.minutes(3)), arguments: TracedSchool.schools(of: .blackboard))
    func blackboard(school: TracedSchool) async throws { try await check(school) }

    @Test("of MATRIX", .timeLimit(.minutes(3)), arguments: TracedSchool.schools(of: .matrix))
    func matrix(school: TracedSchool) async throws { try await check(school) }

    @Test("and every kind has one")
    func everyKind() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: TraceFixture.folder.path)
        let expected = PlatformCase.all.flatMap(TracedSchool.schools).map(\.fixture.name)
        #expect(Set(names) == Set(expected))
    }

    private func check(_ school: TracedSchool) async throws {
        try school.fixture.check(try await TracedLife.trace(of: school))
    }
}
