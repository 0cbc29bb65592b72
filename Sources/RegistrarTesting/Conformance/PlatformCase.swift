package import LMSSimulator

/// One kind of source as the conformance suite sees it: how to open a school of it, and what the connector's README
/// promises.
///
/// Adding a platform adds one case here; docs/adding-a-platform.md says how.
package struct PlatformCase: Sendable, CustomStringConvertible {
    /// How large a school a test wants.
    package enum Size: Sendable {
        /// A few courses and some dozens of people: a baseline of tens to hundreds of calls.
        case small
        /// A baseline of a thousand calls or more.
        case thousandCalls
    }

    /// The source's kind.
    package var kind: String
    /// A school of that kind, the same for the same seed.
    package var school: @Sendable (_ size: Size, _ seed: UInt64) -> SchoolOptions
    /// What a baseline costs by the formula in the connector's README, in calls for data, from the school's own
    /// numbers.
    package var baselineRequests: @Sendable (Simulator) -> Int
    /// What an incremental run costs by the formula in the connector's README when nothing has changed since the last
    /// one.
    package var idleRequests: @Sendable (Simulator) -> Int
    /// Seconds of the school's time after which an incremental run sees everything it is promised to see.
    package var settling: Double
    /// `table.column`s that an increment may see later than the row's other columns.
    package var lateColumns: Set<String>
    /// A list that hostile records can be put into, and the stream they are counted under.
    package var hostileList: (list: String, stream: String)
    /// The kinds of hostile record that must be rejected in that list.
    package var rejectedKinds: Set<HostileRecord.Kind>
    /// Switches by which the school refuses its own credentials.
    package var refusal: String
    /// Switches by which the school is asked too much for a moment.
    package var throttling: String

    /// Switches by which the school plants secrets wherever one may turn up, and sends fields that nobody asked for.
    package var planting = #"{"plant_secrets": true}"#
    /// Secrets of the school that stand in no answer which Registrar asks for.
    package var unaskedSecrets: Set<String> = []
    /// Options that a column waits for, as lines under `options:`.
    package var columnOptions: [String] = []
    /// What every address of a learner ends with: it belongs into `lms` and nowhere else.
    package var addressEnd = "@example.org"

    package var description: String { kind }

    /// Every kind that Registrar knows.
    package static let all: [PlatformCase] = [.grow, .learnWorlds, .blackboard, .matrix]
}
