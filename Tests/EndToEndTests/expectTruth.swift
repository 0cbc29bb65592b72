import RegistrarTesting
import Testing

/// Expects the warehouse to hold what the school holds.
func expectTruth(
    _ harness: SchoolHarness,
    _ tables: [String] = [],
    leavingOut: Set<String> = [],
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let differences = try await harness.compareWithTruth(tables, leavingOut: leavingOut)
    let text = differences.map(\.description).joined(separator: "\n")
    #expect(differences.isEmpty, "\(text)", sourceLocation: sourceLocation)
}
