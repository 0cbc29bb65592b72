import Foundation

/// How much of the long tests is run: the gate's share, or all of it with `deploy/test.sh --long`.
///
/// The share is the same code over less data, fewer rounds or fewer seeds: what it shows, it shows.
package enum TestScale {
    /// Whether everything is run.
    package static let isLong = ProcessInfo.processInfo.environment["REGISTRAR_LONG_TESTS"] == "1"

    /// The first value in the gate, the second where everything is run.
    package static func pick<Value>(_ gate: Value, long: Value) -> Value { isLong ? long : gate }

    /// Module presentations of the OULAD data set: three with 2,985 registrations, or all 22 with 32,593.
    package static var presentations: Int { pick(3, long: .max) }
}
