/// The settings of a Blackboard Learn source that a site may have to correct.
typealias BlackboardOptions = SourceOptions<BlackboardOptionKeys>

/// Their declarations; names and defaults are those of the guide beside them, README.md.
struct BlackboardOptionKeys: OptionKeys {
    /// How a course's grades are read when all of them are: the guide's `options.grade_orientation`.
    enum GradeOrientation: String, Sendable, CaseIterable {
        /// Whichever costs fewer requests.
        case auto
        case column
        case learner
    }

    /// What makes a course's columns worth asking: the guide's `options.grade_gate`.
    enum GradeGate: String, Sendable, CaseIterable {
        /// Somebody's membership or last access changed.
        case access
        /// The course's gradebook log names the column, where the log has proved to name every one that changed.
        case logs
        /// Nothing: every column of a live course is asked in every cycle.
        case none
    }

    /// Whether a column is asked for its newest change first: the guide's `options.grade_probe`.
    enum GradeProbe: String, Sendable, CaseIterable {
        /// Its change index tells what is new.
        case none
        /// `lastChanged` says whether anything is, and then the column is read whole.
        case lastChanged = "lastchanged"
    }

    /// Where the disabled memberships of a course are listed: the guide's `options.disabled_memberships`.
    enum DisabledMemberships: String, Sendable, CaseIterable {
        /// Found out from the first courses of a baseline.
        case auto
        /// Among the others.
        case listed
        /// In a list of their own only.
        case apart
    }

    static let declared = BlackboardOptionKeys()

    let apiRoot = SourceOption.text(
        "api_root",
        default: "/learn/api/public",
        help: "Path of the API on the Learn host."
    )
    let paths = SourceOption.texts(
        "paths",
        example: ["/v3/courses": "/v4/courses"],
        help: "Paths of the guide that the site spells otherwise: guide's path to site's path."
    )
    let pageSizes = SourceOption.integers(
        "page_size",
        example: ["grades": 200],
        in: 1...Int.max,
        help: """
            Rows asked per page: courses, users, memberships, columns, terms, grades, progress, categories, \
            attempts; a smaller limit of the site is found out by itself.
            """
    )
    let quotaReserve = SourceOption.number(
        "quota_reserve",
        default: 0.1,
        unit: "1 is all",
        help: "Share of the daily quota that is left to the customer's other applications."
    )
    let includesOrganizations = SourceOption.flag(
        "organizations",
        default: false,
        help: "Also read Learn organizations, as courses."
    )
    let skipsPreviewUsers = SourceOption.flag(
        "skip_preview_users",
        default: true,
        help: "Leave out the accounts (…_previewuser) by which instructors look at their course as a student."
    )
    let tracksLastLogin = SourceOption.flag(
        "track_last_login",
        default: true,
        help: "Ask in every sync who has logged in; one request for every 100 of them."
    )
    let liveDays = SourceOption.integer(
        "live_days",
        default: 30,
        unit: "days",
        help: "Days after its end that a course is still visited in every sync."
    )
    let columnMaxAge = SourceOption.duration(
        "column_max_age",
        default: .seconds(3 * 86_400),
        help: "Every gradebook column and review list of a live course is read again within this time."
    )
    let coldMaxAge = SourceOption.duration(
        "cold_max_age",
        default: .seconds(30 * 86_400),
        help: "The same for all other courses."
    )
    let hotBefore = SourceOption.duration(
        "hot_before",
        default: .seconds(14 * 86_400),
        help: "In an active course, columns that were due at most this long ago are asked for grades in every sync."
    )
    let hotAfter = SourceOption.duration(
        "hot_after",
        default: .seconds(7 * 86_400),
        help: "The same of columns that are due within this time."
    )
    let gradeOrientation = SourceOption<GradeOrientation>.word(
        "grade_orientation",
        default: .auto,
        help: "Whether a baseline reads grades by column or by learner; auto takes what costs fewer requests."
    )
    let gradeGate = SourceOption<GradeGate>.word(
        "grade_gate",
        default: .access,
        help: """
            Which columns a sync asks: those of courses somebody was active in (access), all of live courses (none), \
            or those that the gradebook log names, once a check has shown that it names all (logs).
            """
    )
    let gradeProbe = SourceOption<GradeProbe>.word(
        "grade_probe",
        default: .none,
        help: "lastchanged: ask a column for its newest change and read it whole if there is one; two calls for one."
    )
    let disabledMemberships = SourceOption<DisabledMemberships>.word(
        "disabled_memberships",
        default: .auto,
        help: """
            Whether disabled memberships are in a course's list (listed) or must be asked for apart, one more call for \
            each course of a baseline or full sweep (apart); auto finds out from the first five courses.
            """
    )
}

extension SourceOptions where Keys == BlackboardOptionKeys {
    init(_ values: [String: OptionValue]) { self.init(values: values) }

    /// Where the vendor's documents have the API.
    static var vendorRoot: String { Keys.declared.apiRoot.standard }

    /// The same with no bound of age above `maxAge`.
    func capped(at maxAge: Duration) -> BlackboardOptions {
        var options = self
        options.columnMaxAge = min(self.columnMaxAge, maxAge)
        options.coldMaxAge = min(self.coldMaxAge, maxAge)
        return options
    }
}
