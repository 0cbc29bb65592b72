import Loader
import Platforms
import Records
import Testing

@testable import Sync

@Suite("What the ledger and the lease say of a run")
struct RunLivenessTests {
    private static func lease(of run: Int64, isConnected: Bool) -> StoredLease {
        StoredLease(runID: run, mode: "baseline", startedAt: nil, isConnected: isConnected, isHeld: isConnected)
    }

    @Test(
        "only a run whose lease has its connection runs",
        arguments: [
            ("running", lease(of: 7, isConnected: true), RunLiveness.running),
            ("running", lease(of: 7, isConnected: false), .interrupted),
            ("running", lease(of: 8, isConnected: true), .interrupted),
            ("running", nil, .interrupted),
            ("succeeded", lease(of: 7, isConnected: true), .ended),
            ("partial", nil, .ended), ("interrupted", lease(of: 7, isConnected: false), .ended),
        ] as [(String, StoredLease?, RunLiveness)]
    )
    func liveness(_ status: String, _ lease: StoredLease?, _ liveness: RunLiveness) {
        #expect(RunLiveness(of: 7, status: status, lease: lease) == liveness)
    }

    @Test("a moment of today is told by its clock, another with its day")
    func moments() {
        let now = Timestamp(microsecondsSinceEpoch: 1_795_878_000_000_000)
        #expect(ShortTime.text(now.advanced(by: .seconds(-600)), now: now) == "14:50 UTC")
        #expect(ShortTime.text(now.advanced(by: .seconds(-86_400)), now: now) == "2026-11-27 15:00 UTC")
    }
}
