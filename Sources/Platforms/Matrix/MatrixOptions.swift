import Extractor

/// The settings of a MATRIX source that a site may have to correct, read once.
///
/// Names and defaults are those of Sources/Platforms/Matrix/README.md §1, §4, §5 and §11.
struct MatrixOptions: Sendable {
    var apiRoot: String
    var paths: [String: String]
    var sendsForm: Bool
    var ratePause: Duration
    var completionsWindow: Int
    var completedOverlap: Duration
    var usersMaxAge: Duration
    var classMaxAge: Duration
    var archivedMaxAge: Duration
    var assignmentsMaxAge: Duration
    var classMinAge: Duration
    var settleAgain: Duration
    var runTime: Duration
    var batch: Int

    /// - Throws: a configuration error where `paths` names another function than its key: no name of a function comes
    ///   from configuration.
    init(_ values: [String: OptionValue]) throws {
        func duration(_ name: String, _ standard: Duration) -> Duration {
            if case .duration(let value) = values[name] { max(value, .zero) } else { standard }
        }
        func integer(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) -> Int {
            guard case .integer(let value) = values[name] else { return standard }
            return min(max(value, range.lowerBound), range.upperBound)
        }
        if case .string(let root) = values["api_root"] { apiRoot = root } else { apiRoot = "/api" }
        paths = try Self.paths(values["paths"])
        sendsForm = values["key_in"] == .string("form")
        ratePause = duration("rate_pause", .seconds(65))
        completionsWindow = integer("completions_window", 2_000, 1...1_000_000)
        completedOverlap = .seconds(86_400 * integer("completed_overlap_days", 2, 0...365))
        usersMaxAge = duration("users_max_age", .seconds(3_600))
        classMaxAge = duration("class_max_age", .seconds(86_400))
        archivedMaxAge = duration("archived_max_age", .seconds(30 * 86_400))
        assignmentsMaxAge = duration("assignments_max_age", .seconds(7 * 86_400))
        classMinAge = duration("class_min_age", .seconds(3_600))
        settleAgain = duration("settle_again", .seconds(6 * 3_600))
        runTime = .seconds(60 * integer("run_minutes", 10, 0...1_440))
        batch = integer("batch", 100, 1...100)
    }

    private static func paths(_ value: OptionValue?) throws -> [String: String] {
        guard case .map(let entries) = value else { return [:] }
        var paths: [String: String] = [:]
        for case (let path, .string(let other)) in entries {
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

    /// What `registrar.yaml` accepts under `options:`.
    static let descriptions: [OptionDescription] = [
        OptionDescription("api_root", .string, default: .string("/api"), help: "Path of the API on the site's host."),
        OptionDescription(
            "paths",
            .map(.string),
            help: "Paths of functions that the site has elsewhere: /get_version to /other/get_version; the name stays."
        ),
        OptionDescription(
            "key_in",
            .choice(["query", "form"]),
            default: .string("query"),
            help: "Where the key is sent: in the address, or in a form that proxies do not write down."
        ),
        OptionDescription(
            "rate_pause",
            .duration,
            default: .duration(.seconds(65)),
            help: "Silence after the rate limit was hit; up to a sixth of it is added at random."
        ),
        OptionDescription(
            "completions_window",
            .integer,
            default: .integer(2_000),
            help: "Completions that one call of the baseline asks for at most."
        ),
        OptionDescription(
            "completed_overlap_days",
            .integer,
            default: .integer(2),
            help: "Days of completions read again: the zone and the edges of the date filter are unknown."
        ),
        OptionDescription(
            "users_max_age",
            .duration,
            default: .duration(.seconds(3_600)),
            help: "How old the list of users may get where it takes more than ten calls."
        ),
        OptionDescription(
            "class_max_age",
            .duration,
            default: .duration(.seconds(86_400)),
            help: "Every active class is read again within this time."
        ),
        OptionDescription(
            "archived_max_age",
            .duration,
            default: .duration(.seconds(30 * 86_400)),
            help: "Every archived class is read again within this time."
        ),
        OptionDescription(
            "assignments_max_age",
            .duration,
            default: .duration(.seconds(7 * 86_400)),
            help: "Assignments and teachers of every active class are read again within this time."
        ),
        OptionDescription(
            "class_min_age",
            .duration,
            default: .duration(.seconds(3_600)),
            help: "On logins alone a class is read at most once in this time."
        ),
        OptionDescription(
            "settle_again",
            .duration,
            default: .duration(.seconds(6 * 3_600)),
            help: "A class is read once more this long after the last login of one of its people."
        ),
        OptionDescription(
            "run_minutes",
            .integer,
            default: .integer(10),
            help: "Minutes that one run spends at most on classes it reads because of logins."
        ),
        OptionDescription(
            "batch",
            .integer,
            default: .integer(100),
            help: "Ids in one call of a function that takes many, 1 to 100; halved where a call fails."
        ),
    ]
}
