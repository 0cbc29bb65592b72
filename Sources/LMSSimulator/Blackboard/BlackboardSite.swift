import NIOCore

/// A Blackboard Learn site that is being served.
struct BlackboardSite {
    var school: BlackboardSchool
    var clock: SimulatedClock
    var faults = BlackboardFaults()
    var requests = RequestLog()
    var tokens: TokenOffice
    var quota = BlackboardQuota()
    /// What the school has lived through since it started.
    var changesApplied = 0
    /// Hostile records that were served, and the path of the list each one is bound to.
    var hostilePaths: [Int: String] = [:]
    /// How far the rows of a list have moved behind those of the walk in progress, by path.
    var movedRows: [String: Int] = [:]
    let writer = ByteWriter(capacity: 1 << 18)

    var now: Instant { clock.now }
    var version: LearnVersion { LearnVersion(faults.version) }
}

extension BlackboardSite: SimulatedSite {
    var name: String { "blackboard" }
    var counts: [String: Int] { school.counts }
    var faultsJSON: [UInt8] { faults.json }
    var wireFaults: WireFaults { faults.wire }

    var changeKinds: (visible: [ChangeKind], silent: [ChangeKind]) {
        (BlackboardChanges.visible, BlackboardChanges.silent)
    }

    var secrets: [String] {
        [tokens.clientSecret] + tokens.handedOut + BlackboardSecrets.all
    }

    mutating func setFaults(json: [UInt8]) throws(SimulatorError) {
        faults = try faults.merging(json: json)
        forgetWalks()
    }

    mutating func resetFaults() {
        faults = BlackboardFaults()
        forgetWalks()
    }

    private mutating func forgetWalks() {
        hostilePaths = [:]
        movedRows = [:]
    }
}
