import RegistrarTesting
import Testing

/// Expects that no live row of the warehouse is missing which the school still has.
func expectNothingLost(
    _ harness: SchoolHarness,
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let lost = try await harness.compareWithTruth(limit: 1_000).filter { $0.stored == nil && $0.column == nil }
    #expect(lost.isEmpty, "\(what): \(lost.prefix(5).map(\.description))", sourceLocation: sourceLocation)
    #expect(try await harness.bookkeepingFaults() == [], sourceLocation: sourceLocation)
}
