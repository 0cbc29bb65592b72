/// A Grow or LearnWorlds school that is being served.
struct LearnWorldsSite {
    let platform: LearnWorldsPlatform
    var school: School
    var clock: SimulatedClock
    var faults = Faults()
    var requests = RequestLog()
    var tokens: TokenOffice
    /// What the school has lived through since it started.
    var changesApplied = 0
    /// Hostile records that were served, and the path of the list each one is bound to.
    var hostilePaths: [Int: String] = [:]
    /// Calls for pages behind the end, for the mixed mode.
    var pastTheEndCalls = 0
    let writer = ByteWriter(capacity: 1 << 18)

    var now: Instant { clock.now }
}

extension LearnWorldsSite: SimulatedSite {
    var name: String { platform.name }
    var counts: [String: Int] { school.counts }
    var truthTables: [String] { platform.truthTables }
    var faultsJSON: [UInt8] { faults.json }
    var wireFaults: WireFaults { faults.wire }

    var changeKinds: (visible: [ChangeKind], silent: [ChangeKind]) {
        (LearnWorldsChange.visible, LearnWorldsChange.silent)
    }

    var secrets: [String] {
        [tokens.clientSecret] + tokens.handedOut
            + (PlantedSecrets.always + PlantedSecrets.onRequest).map { "\($0.value)" }
    }

    mutating func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        writer.timeForm = faults.timeForm
        return platform.answer(request, in: &self)
    }

    mutating func writeTruth(of table: String, to writer: ByteWriter) {
        school.revealLateEvents(at: now)
        writer.timeForm = faults.timeForm
        platform.writeTruth(of: table, in: self, to: writer)
    }

    mutating func setFaults(json: [UInt8]) throws(SimulatorError) {
        faults = try faults.merging(json: json)
        hostilePaths = [:]
    }

    mutating func resetFaults() {
        faults = Faults()
        hostilePaths = [:]
    }
}
