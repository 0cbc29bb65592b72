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
    #expect(
        differences.isEmpty, "\(differences.map(\.description).joined(separator: "\n"))", sourceLocation: sourceLocation)
}
