/// The settings of a Blackboard Learn source that a site may have to correct, read once.
///
/// Names and defaults are those of Sources/Platforms/Blackboard/README.md.
struct BlackboardOptions: Sendable {
    /// How a course's grades are read when all of them are: `options.grade_orientation` of
    /// Sources/Platforms/Blackboard/README.md §4.
    enum GradeOrientation: String, Sendable, CaseIterable {
        /// Whichever costs fewer requests.
        case auto
        case column
        case learner
    }

    /// What makes a course's columns worth asking: `options.grade_gate` of Sources/Platforms/Blackboard/README.md §5.
    enum GradeGate: String, Sendable, CaseIterable {
        /// Somebody's membership or last access changed.
        case access
        /// The course's gradebook log names the column, where the log has proved to name every one that changed.
        case logs
        /// Nothing: every column of a live course is asked in every cycle.
        case none
    }

    /// Whether a column is asked for its newest change first: `options.grade_probe` of
    /// Sources/Platforms/Blackboard/README.md §8, trap 7.
    enum GradeProbe: String, Sendable, CaseIterable {
        /// Its change index tells what is new.
        case none
        /// `lastChanged` says whether anything is, and then the column is read whole.
        case lastChanged = "lastchanged"
    }

    /// Where the disabled memberships of a course are listed: `options.disabled_memberships` of
    /// Sources/Platforms/Blackboard/README.md §11.
    enum DisabledMemberships: String, Sendable, CaseIterable {
        /// Found out from the first courses of a baseline.
        case auto
        /// Among the others.
        case listed
        /// In a list of their own only.
        case apart
    }

    var apiRoot: String
    /// Where the vendor's documents have the API.
    static let vendorRoot = "/learn/api/public"
    var paths: [String: String]
    var pageSizes: [String: Int]
    var quotaReserve: Double
    var includesOrganizations: Bool
    var skipsPreviewUsers: Bool
    var tracksLastLogin: Bool
    var liveDays: Int
    var columnMaxAge: Duration
    var coldMaxAge: Duration
    var hotBefore: Duration
    var hotAfter: Duration
    var gradeOrientation: GradeOrientation
    var gradeGate: GradeGate
    var gradeProbe: GradeProbe
    var disabledMemberships: DisabledMemberships

    init(_ values: [String: OptionValue]) {
        func text(_ name: String) -> String? {
            if case .string(let value) = values[name] { value } else { nil }
        }
        func duration(_ name: String) -> Duration? {
            if case .duration(let value) = values[name] { value } else { nil }
        }
        func map(_ name: String) -> [String: OptionValue] {
            if case .map(let value) = values[name] { value } else { [:] }
        }
        apiRoot = text("api_root") ?? Self.vendorRoot
        paths = map("paths").compactMapValues { if case .string(let path) = $0 { path } else { nil } }
        pageSizes = map("page_size").compactMapValues { if case .integer(let size) = $0 { max(size, 1) } else { nil } }
        quotaReserve =
            switch values["quota_reserve"] {
            case .number(let share): share
            case .integer(let share): Double(share)
            default: 0.1
            }
        includesOrganizations = values["organizations"] == .boolean(true)
        skipsPreviewUsers = values["skip_preview_users"] != .boolean(false)
        tracksLastLogin = values["track_last_login"] != .boolean(false)
        liveDays = if case .integer(let days) = values["live_days"] { days } else { 30 }
        columnMaxAge = duration("column_max_age") ?? .seconds(3 * 86_400)
        coldMaxAge = duration("cold_max_age") ?? .seconds(30 * 86_400)
        hotBefore = duration("hot_before") ?? .seconds(14 * 86_400)
        hotAfter = duration("hot_after") ?? .seconds(7 * 86_400)
        gradeOrientation = text("grade_orientation").flatMap(GradeOrientation.init) ?? .auto
        gradeGate = text("grade_gate").flatMap(GradeGate.init) ?? .access
        gradeProbe = text("grade_probe").flatMap(GradeProbe.init) ?? .none
        disabledMemberships = text("disabled_memberships").flatMap(DisabledMemberships.init) ?? .auto
    }

    /// The same with no bound of age above `maxAge`.
    func capped(at maxAge: Duration) -> BlackboardOptions {
        var options = self
        options.columnMaxAge = min(columnMaxAge, maxAge)
        options.coldMaxAge = min(coldMaxAge, maxAge)
        return options
    }

    /// What `registrar.yaml` accepts under `options:`.
    static let descriptions: [OptionDescription] = [
        OptionDescription(
            "api_root",
            .string,
            default: .string("/learn/api/public"),
            help: "Path of the API on the Learn host."
        ),
        OptionDescription(
            "paths",
            .map(.string),
            help: "Paths of the guide that the site spells otherwise: guide's path to site's path."
        ),
        OptionDescription(
            "page_size",
            .map(.integer),
            help: """
                Rows asked per page: courses, users, memberships, columns, terms, grades, progress, categories, \
                attempts; a smaller limit of the site is found out by itself.
                """
        ),
        OptionDescription(
            "quota_reserve",
            .number,
            default: .number(0.1),
            help: "Share of the daily quota that is left to the customer's other applications."
        ),
        OptionDescription(
            "organizations",
            .boolean,
            default: .boolean(false),
            help: "Also read Learn organizations, as courses."
        ),
        OptionDescription(
            "skip_preview_users",
            .boolean,
            default: .boolean(true),
            help: "Leave out the accounts (…_previewuser) by which instructors look at their course as a student."
        ),
        OptionDescription(
            "track_last_login",
            .boolean,
            default: .boolean(true),
            help: "Ask in every sync who has logged in; one request for every 100 of them."
        ),
        OptionDescription(
            "live_days",
            .integer,
            default: .integer(30),
            help: "Days after its end that a course is still visited in every sync."
        ),
        OptionDescription(
            "column_max_age",
            .duration,
            default: .duration(.seconds(3 * 86_400)),
            help: "Every gradebook column and review list of a live course is read again within this time."
        ),
        OptionDescription(
            "cold_max_age",
            .duration,
            default: .duration(.seconds(30 * 86_400)),
            help: "The same for all other courses."
        ),
        OptionDescription(
            "hot_before",
            .duration,
            default: .duration(.seconds(14 * 86_400)),
            help: "In an active course, columns that were due at most this long ago are asked for grades in every sync."
        ),
        OptionDescription(
            "hot_after",
            .duration,
            default: .duration(.seconds(7 * 86_400)),
            help: "The same of columns that are due within this time."
        ),
        OptionDescription(
            "grade_orientation",
            .choice(GradeOrientation.allCases.map(\.rawValue)),
            default: .string("auto"),
            help: "Whether a baseline reads grades by column or by learner; auto takes what costs fewer requests."
        ),
        OptionDescription(
            "grade_gate",
            .choice(GradeGate.allCases.map(\.rawValue)),
            default: .string("access"),
            help: """
                Which columns a sync asks: those of courses somebody was active in (access), all of live courses (none), \
                or those that the gradebook log names, once a check has shown that it names all (logs).
                """
        ),
        OptionDescription(
            "grade_probe",
            .choice(GradeProbe.allCases.map(\.rawValue)),
            default: .string("none"),
            help:
                "lastchanged: ask a column for its newest change and read it whole if there is one; two calls for one."
        ),
        OptionDescription(
            "disabled_memberships",
            .choice(DisabledMemberships.allCases.map(\.rawValue)),
            default: .string("auto"),
            help: """
                Whether disabled memberships are in a course's list (listed) or must be asked for apart, one more call for \
                each course of a baseline or full sweep (apart); auto finds out from the first five courses.
                """
        ),
    ]
}
