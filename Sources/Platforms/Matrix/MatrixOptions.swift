import Extractor

/// The settings of a MATRIX source that a site may have to correct.
typealias MatrixOptions = SourceOptions<MatrixOptionKeys>

/// Their declarations; names and defaults are those of Sources/Platforms/Matrix/README.md §1, §4, §5 and §11.
struct MatrixOptionKeys: OptionKeys {
    /// Where the key of the API is sent.
    enum KeyPlace: String, Sendable, CaseIterable {
        case query
        case form
    }

    static let declared = MatrixOptionKeys()

    let apiRoot = SourceOption.text("api_root", default: "/api", help: "Path of the API on the site's host.")
    let paths = SourceOption.texts(
        "paths",
        example: ["/get_version": "/other/get_version"],
        help: "Paths of functions that the site has elsewhere: /get_version to /other/get_version; the name stays."
    )
    let keyPlace = SourceOption<KeyPlace>.word(
        "key_in",
        default: .query,
        help: "Where the key is sent: in the address, or in a form that proxies do not write down."
    )
    let ratePause = SourceOption.duration(
        "rate_pause",
        default: .seconds(65),
        help: "Silence after the rate limit was hit; up to a sixth of it is added at random."
    )
    let completionsWindow = SourceOption.integer(
        "completions_window",
        default: 2_000,
        in: 1...1_000_000,
        unit: "completions",
        help: "Completions that one call of the baseline asks for at most."
    )
    let completedOverlapDays = SourceOption.integer(
        "completed_overlap_days",
        default: 2,
        in: 0...365,
        unit: "days",
        help: "Days of completions read again: the zone and the edges of the date filter are unknown."
    )
    let usersMaxAge = SourceOption.duration(
        "users_max_age",
        default: .seconds(3_600),
        help: "How old the list of users may get where it takes more than ten calls."
    )
    let classMaxAge = SourceOption.duration(
        "class_max_age",
        default: .seconds(86_400),
        help: "Every active class is read again within this time."
    )
    let archivedMaxAge = SourceOption.duration(
        "archived_max_age",
        default: .seconds(30 * 86_400),
        help: "Every archived class is read again within this time."
    )
    let assignmentsMaxAge = SourceOption.duration(
        "assignments_max_age",
        default: .seconds(7 * 86_400),
        help: "Assignments and teachers of every active class are read again within this time."
    )
    let classMinAge = SourceOption.duration(
        "class_min_age",
        default: .seconds(3_600),
        help: "On logins alone a class is read at most once in this time."
    )
    let settleAgain = SourceOption.duration(
        "settle_again",
        default: .seconds(6 * 3_600),
        help: "A class is read once more this long after the last login of one of its people."
    )
    let runMinutes = SourceOption.integer(
        "run_minutes",
        default: 10,
        in: 0...1_440,
        unit: "minutes",
        help: "Minutes that one run spends at most on classes it reads because of logins."
    )
    let batch = SourceOption.integer(
        "batch",
        default: 100,
        in: 1...100,
        unit: "ids",
        help: "Ids in one call of a function that takes many, 1 to 100; halved where a call fails."
    )
}

extension SourceOptions where Keys == MatrixOptionKeys {
    /// - Throws: a configuration error where `paths` names another function than its key: no name of a function comes
    ///   from configuration.
    init(_ values: [String: OptionValue]) throws {
        self.init(values: values)
        self.paths = try Self.checked(self.paths)
    }

    /// Whether the key is sent in a form.
    var sendsForm: Bool { self.keyPlace == .form }

    /// How much of the completions is read again.
    var completedOverlap: Duration { .seconds(86_400 * self.completedOverlapDays) }

    /// What one run spends at most on hints.
    var runTime: Duration { .seconds(60 * self.runMinutes) }

    private static func checked(_ entries: [String: String]) throws -> [String: String] {
        var paths: [String: String] = [:]
        for (path, other) in entries {
            let name = path.hasPrefix("/") ? path : "/" + path
            guard let function = MatrixFunction.allCases.first(where: { $0.path == name }), other.hasSuffix(name),
                other.hasPrefix("/")
            else {
                var error = ExtractorError(
                    .invalidRequest,
                    "options.paths: each value is a path that ends with the same function of the guide as its key"
                )
                error.exitOverride = .configuration
                throw error
            }
            paths[function.path] = other
        }
        return paths
    }
}
