/// One learning platform's API over a simulated school: the seam at which further platforms join.
///
/// A platform is a value without state of its own; the world it answers from is lent for the length of one call, under the
/// server's lock. Control, clock, request counts, faults and the HTTP server are shared by all platforms.
protocol SimulatedPlatform: Sendable {
    /// What the platform is called in reports.
    var name: String { get }
    /// The `lms` tables that `truth` can write.
    var truthTables: [String] { get }

    /// Answers one call.
    func answer(_ request: SimulatedRequest, in world: inout World) -> SimulatedAnswer

    /// Writes what the warehouse should hold in one table after a full pull now, a JSON object a line.
    func writeTruth(of table: String, in world: World, to writer: ByteWriter)
}
