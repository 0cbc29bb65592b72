/// A MATRIX school that is being served.
struct MatrixSite {
    /// The administrator's key that is let in.
    let apiKey: String
    var school: MatrixSchool
    var clock: SimulatedClock
    var faults: MatrixFaults
    /// How values look, by the switches; set with them.
    private(set) var wire: MatrixWire
    var requests = RequestLog()
    var rateLimit = MatrixRateLimit()
    /// What the school has lived through since it started.
    var changesApplied = 0
    /// Hostile records of lists below a class or filter, by their place among the switches: the call each is bound to.
    var hostileCalls: [Int: MatrixHostileCall] = [:]
    let writer = ByteWriter(capacity: 1 << 18)

    init(school: MatrixSchool, apiKey: String, clock: SimulatedClock, faults: MatrixFaults) {
        (self.school, self.apiKey, self.clock, self.faults) = (school, apiKey, clock, faults)
        wire = MatrixWire(faults.own)
    }

    var now: Instant { clock.now }
}

extension MatrixSite: SimulatedSite {
    var name: String { "matrix" }
    var counts: [String: Int] { school.counts }
    var faultsJSON: [UInt8] { faults.json }
    var wireFaults: WireFaults { faults.wire }

    var changeKinds: (visible: [ChangeKind], silent: [ChangeKind]) { (MatrixChanges.visible, MatrixChanges.silent) }

    var truthTables: [String] { MatrixTruth.tables }

    var secrets: [String] {
        [apiKey] + (MatrixSecrets.always + MatrixSecrets.onRequest).map { "\($0.value)" }
    }

    mutating func writeTruth(of table: String, to writer: ByteWriter) {
        MatrixTruth(site: self).write(table, to: writer)
    }

    mutating func setFaults(json: [UInt8]) throws(SimulatorError) {
        faults = try faults.merging(json: json)
        wire = MatrixWire(faults.own)
        hostileCalls = [:]
    }

    mutating func resetFaults() {
        faults = MatrixFaults()
        wire = MatrixWire(faults.own)
        hostileCalls = [:]
        rateLimit = MatrixRateLimit()
    }
}
