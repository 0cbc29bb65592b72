/// One learning platform's API over a school of its own: the seam at which platforms join the simulator.
///
/// A site is a value: its school, its tokens and keys, its switches, its clock and its counts. The simulator lends it for the
/// length of one call, under the server's lock. HTTP server, control endpoint and command line are shared by all sites.
protocol SimulatedSite {
    /// What the platform is called in reports.
    var name: String { get }
    /// The school's time.
    var clock: SimulatedClock { get set }
    /// What was asked; the site counts its calls itself, by a route name of its own.
    var requests: RequestLog { get set }
    /// What the school has lived through since it started.
    var changesApplied: Int { get }
    /// Records of each kind that exist now, by `lms` table name where they are one to one.
    var counts: [String: Int] { get }
    /// The `lms` tables that ``writeTruth(of:to:)`` can write.
    var truthTables: [String] { get }
    /// The kinds of change that an incremental pull finds, and those that only a sweep finds.
    var changeKinds: (visible: [ChangeKind], silent: [ChangeKind]) { get }
    /// Every switch with its value, as a JSON object.
    var faultsJSON: [UInt8] { get }
    /// The switches that every platform has.
    var wireFaults: WireFaults { get }
    /// Values that must never be found in a warehouse, log or process title: planted ones, tokens, secrets.
    var secrets: [String] { get }

    /// Answers one call.
    mutating func answer(_ request: SimulatedRequest) -> SimulatedAnswer

    /// Writes what the warehouse should hold in one table after a full pull now, a JSON object a line.
    mutating func writeTruth(of table: String, to writer: ByteWriter)

    /// Puts the keys of a JSON object over the switches.
    mutating func setFaults(json: [UInt8]) throws(SimulatorError)

    /// Turns every switch off.
    mutating func resetFaults()

    /// Makes random changes, moves the clock along, and says what it did.
    mutating func live(_ request: ChangeRequest) -> [ChangeRecord]

    /// The webhooks that the JSON object of a control request asks for.
    func webhooks(control body: [UInt8]) throws -> WebhookBatch
}

extension SimulatedSite {
    func webhooks(control body: [UInt8]) throws -> WebhookBatch {
        throw SimulatorError("\(name) sends no webhooks")
    }
}
