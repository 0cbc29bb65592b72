import CLibpq

/// The version of the installed libpq, and whether it may be used.
package struct LibpqVersion: Hashable, Sendable, CustomStringConvertible {
    /// The number as `PQlibVersion` gives it: 150020 is 15.20.
    package let number: Int

    /// First minor release of each major without the quoting fault CVE-2025-1094 and its follow-up.
    private static let floors = [14: 17, 15: 12, 16: 8, 17: 4]
    /// First minor release that drains the TLS buffer.
    private static let advised = [14: 24, 15: 19, 16: 15, 17: 11, 18: 5]

    /// Takes a version number apart.
    package init(number: Int) { self.number = number }

    /// The library this process runs with.
    package static var installed: LibpqVersion { LibpqVersion(number: Int(PQlibVersion())) }

    private var major: Int { number / 10_000 }
    private var minor: Int { number % 10_000 }

    /// Whether the library has security faults that touch us.
    package var isRefused: Bool { major < 14 || minor < Self.floors[major, default: 0] }

    /// Whether a newer minor release is advised.
    package var isOutdated: Bool { isRefused || minor < Self.advised[major, default: 0] }

    /// For example `15.20`.
    package var description: String { "\(major).\(minor)" }
}
