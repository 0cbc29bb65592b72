import Extractor
import JSON

/// A release of Learn, as `GET /v1/system/version` answers it, and what it can do
/// (Sources/Platforms/Blackboard/README.md §5).
struct BlackboardVersion: Sendable, Hashable, Comparable {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `3900.123`, as it is kept in the connector's state.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major, minor)
    }

    /// Reads `{"learn": {"major": 3900, "minor": 123, …}}`.
    init?(answer root: JSONValue) {
        guard let learn = root["learn"], let major = learn["major"]?.int64, let minor = learn["minor"]?.int64 else {
            return nil
        }
        self.init(Int(truncatingIfNeeded: major), Int(truncatingIfNeeded: minor))
    }

    var text: String { "\(major).\(minor)" }

    /// A site's releases only ever get newer: an older one is another site's, such as a test system behind the same name.
    ///
    /// - Throws: `identitiesChanged`, a matter of the configuration, where a release is older than the one before.
    static func requireNoReturn(from before: String?, to now: String?) throws(ExtractorError) {
        guard let before = before.flatMap({ BlackboardVersion($0) }), let now = now.flatMap({ BlackboardVersion($0) }),
            now < before
        else { return }
        var error = ExtractorError(
            .identitiesChanged,
            "the site answers as Learn \(now.text), and its rows came from \(before.text): if it is the same site, confirm it "
                + "with registrar baseline --restart; a new one needs a new id"
        )
        error.exitOverride = .configuration
        throw error
    }

    static func < (left: BlackboardVersion, right: BlackboardVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// A filter or list that not every release has.
enum BlackboardFeature: Sendable {
    /// `/v3/courses`, which the documents date to 3800.1.
    case modifiedCourses
    /// `modified` of users.
    case modifiedUsers
    /// `lastLogin` of users.
    case lastLogin
    /// `modified` of memberships.
    case modifiedMemberships
    /// `modified` of attempts.
    case modifiedAttempts
    /// The review status of a whole course.
    case reviewStatus

    /// The first release that has it.
    var since: BlackboardVersion {
        switch self {
        case .modifiedCourses: BlackboardVersion(3500, 4)
        case .modifiedUsers: BlackboardVersion(3700, 1)
        case .lastLogin: BlackboardVersion(3900, 9)
        case .modifiedMemberships: BlackboardVersion(3800, 9)
        case .modifiedAttempts: BlackboardVersion(3800, 0)
        case .reviewStatus: BlackboardVersion(3700, 15)
        }
    }
}
