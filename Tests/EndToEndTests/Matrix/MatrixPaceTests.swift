import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Synchronization
import Testing

@Suite("A large MATRIX school", .serialized)
struct MatrixPaceTests {
    /// 5,000 accounts, 400 classes of which 150 are active: the example of Sources/Platforms/Matrix/README.md §5.
    private static let shape = MatrixShape(users: 5_000, classes: 400, activeShare: 0.375, learnersPerClass: 12)

    /// When each call was sent, by the run's clock.
    private final class Moments: Sendable {
        private let moments = Mutex<[Duration]>([])

        func add(_ moment: Duration) { moments.withLock { $0.append(moment) } }

        /// The most calls in any sixty seconds.
        var busiestMinute: Int {
            moments.withLock { moments in
                let sorted = moments.sorted()
                var (first, most) = (0, 0)
                for index in sorted.indices {
                    while sorted[index] - sorted[first] >= .seconds(60) { first += 1 }
                    most = max(most, index - first + 1)
                }
                return most
            }
        }
    }

    @Test(
        "costs no more than the guide's daily formula, and is never asked 120 times within a minute",
        .timeLimit(.minutes(10))
    )
    func daily() async throws {
        try await withSchool(SchoolOptions(matrix: GeneratedMatrixSchool.make(Self.shape, seed: 91))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let time = LeapingTime()
            let moments = Moments()
            var paced = harness.configured { $0.requestsPerSecond = 1.5 }
                .watchingRequests { _, _ in moments.add(time.monotonic) }
            paced.parts.time = time
            // The host's limiter belongs to a clock: a new clock, a new limiter.
            paced.parts.limiters = RateLimiterRegistry()
            var spent: [Int] = []
            for day in 0..<3 {
                harness.simulator.advance(seconds: 86_400)
                // What learners do; a class that is edited or archived costs calls beside the formula's.
                let kinds: [ChangeKind] = [.newLearner, .profileEdit, .login, .study, .submission, .completion]
                harness.simulator.change(
                    ChangeRequest(seed: 910 + UInt64(day), count: 60, kinds: kinds, secondsBetween: 5)
                )
                harness.simulator.resetRequests()
                let report = await paced.sync()
                #expect(report.exitCode == 0, "\(report.story)")
                let formula = MatrixFormula(harness.simulator).idleDay
                spent.append(harness.simulator.requests.total)
                #expect(
                    spent[day] <= formula,
                    "day \(day): \(harness.simulator.requests.routes), \(formula) by the formula"
                )
            }
            print("daily runs of 5,000 accounts and 400 classes: \(spent) calls")
            #expect(moments.busiestMinute <= 91, "\(moments.busiestMinute) calls within a minute")
        }
    }
}
