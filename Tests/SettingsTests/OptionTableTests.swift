import Platforms
import Testing

@testable import Settings

/// The options as the contract and the platforms' guides have them, written by hand: names, types and defaults are what
/// users' files rely on, and a change here is a change of the contract.
@Suite("The options of each kind")
struct OptionTableTests {
    /// Name, shape and default; `nil` where there is none.
    struct Row: Sendable {
        let name: String
        let shape: OptionDescription.Shape
        let value: OptionValue?
        var reshapes: OptionDescription.Reach?

        init(
            _ name: String,
            _ shape: OptionDescription.Shape,
            _ value: OptionValue?,
            reshapes: OptionDescription.Reach? = nil
        ) {
            (self.name, self.shape, self.value, self.reshapes) = (name, shape, value, reshapes)
        }
    }

    private static let learnWorlds = [
        Row("api_root", .string, .string("/admin/api")),
        Row("paths", .map(.string), nil),
        Row("token_path", .string, .string("/oauth2/access_token")),
        Row("token_body", .choice(["data", "form", "json"]), .string("data")),
        Row("event_path", .string, .string("auto")),
        Row("page_size", .map(.integer), nil),
        Row("visit_interval", .duration, .duration(.seconds(3_600))),
        Row("settle_again", .duration, .duration(.seconds(21_600))),
        Row("event_settle", .duration, .duration(.seconds(120))),
        Row("event_overlap", .duration, .duration(.seconds(180))),
        Row("events_since", .duration, nil),
        Row("unknown_activity", .choice(["repull", "ignore"]), .string("repull")),
        Row("skip_never_active", .boolean, .boolean(true)),
        Row("external_id_field", .string, nil, reshapes: .learners),
        Row("assessment_unit_types", .list, .list(["assessmentV2"]), reshapes: .everything),
        Row("active_max_age", .duration, .duration(.seconds(604_800))),
        Row("cold_max_age", .duration, .duration(.seconds(2_592_000))),
        Row("webhook_signature", .choice(["static", "hmac-sha256-hex"]), nil),
    ]
    private static let blackboard = [
        Row("api_root", .string, .string("/learn/api/public")),
        Row("paths", .map(.string), nil),
        Row("page_size", .map(.integer), nil),
        Row("quota_reserve", .number, .number(0.1)),
        Row("organizations", .boolean, .boolean(false)),
        Row("skip_preview_users", .boolean, .boolean(true)),
        Row("track_last_login", .boolean, .boolean(true)),
        Row("live_days", .integer, .integer(30)),
        Row("column_max_age", .duration, .duration(.seconds(259_200))),
        Row("cold_max_age", .duration, .duration(.seconds(2_592_000))),
        Row("hot_before", .duration, .duration(.seconds(1_209_600))),
        Row("hot_after", .duration, .duration(.seconds(604_800))),
        Row("grade_orientation", .choice(["auto", "column", "learner"]), .string("auto")),
        Row("grade_gate", .choice(["access", "logs", "none"]), .string("access")),
        Row("grade_probe", .choice(["none", "lastchanged"]), .string("none")),
        Row("disabled_memberships", .choice(["auto", "listed", "apart"]), .string("auto")),
    ]
    private static let matrix = [
        Row("api_root", .string, .string("/api")),
        Row("paths", .map(.string), nil),
        Row("key_in", .choice(["query", "form"]), .string("query")),
        Row("rate_pause", .duration, .duration(.seconds(65))),
        Row("completions_window", .integer, .integer(2_000)),
        Row("completed_overlap_days", .integer, .integer(2)),
        Row("users_max_age", .duration, .duration(.seconds(3_600))),
        Row("class_max_age", .duration, .duration(.seconds(86_400))),
        Row("archived_max_age", .duration, .duration(.seconds(2_592_000))),
        Row("assignments_max_age", .duration, .duration(.seconds(604_800))),
        Row("class_min_age", .duration, .duration(.seconds(3_600))),
        Row("settle_again", .duration, .duration(.seconds(21_600))),
        Row("run_minutes", .integer, .integer(10)),
        Row("batch", .integer, .integer(100)),
    ]

    @Test(
        "are those of the contract: names, types and defaults, in this order",
        arguments: [
            ("grow", learnWorlds), ("learnworlds", learnWorlds), ("blackboard", blackboard), ("matrix", matrix),
        ]
    )
    func table(kind: String, rows: [Row]) throws {
        let options = try #require(PlatformRegistry.kinds.first { $0.kind == kind }).options
        #expect(options.map(\.name) == rows.map(\.name))
        for (option, row) in zip(options, rows) {
            #expect(option.shape == row.shape, "\(row.name)")
            #expect(option.defaultValue == row.value, "\(row.name)")
            #expect(option.reshapes == row.reshapes, "\(row.name)")
        }
    }

    @Test(
        "a source that configures nothing has the defaults of the contract",
        arguments: [
            ("grow", 2.5, nil, CustomFieldsPolicy.all), ("learnworlds", 2.5, nil, .all),
            ("blackboard", 5, 10_000, .all), ("matrix", 1.5, nil, CustomFieldsPolicy.none),
        ] as [(String, Double, Int?, CustomFieldsPolicy)]
    )
    func defaults(kind: String, perSecond: Double, perDay: Int?, fields: CustomFieldsPolicy) throws {
        let described = try #require(PlatformRegistry.kinds.first { $0.kind == kind })
        let credentials = try #require(described.credentialSets.first).map { "    \($0): x\n" }.joined()
        let text = """
            sources:
              - id: school
                kind: \(kind)
                url: https://school.example.org
            \(credentials)
            """
        let configuration = try RegistrarConfiguration(parsing: Array(text.utf8), file: "f", environment: [:])
        let source = try #require(configuration.sources.first)
        #expect(source.requestsPerSecond == perSecond && source.requestsPerDay == perDay)
        #expect(source.customFields == fields && source.pseudonymize.isEmpty)
        #expect(source.concurrency == 4 && source.timeZone == "UTC" && source.scope.isEverything)
        #expect(source.publishInterval == .seconds(60) && source.maxDeletionFraction == 0.2)
        #expect(source.options == described.options.reduce(into: [:]) { $0[$1.name] = $1.defaultValue })
    }

    @Test("what an option does not know is refused with the nearest that it does")
    func refusals() {
        let text = """
            sources:
              - id: school
                kind: blackboard
                url: https://school.example.org
                client_id: x
                client_secret: y
                options:
                  grade_gat: logs
                  grade_probe: lastchange
                  live_days: 2.5
                  hot_after: soon
                  page_size: 100
            """
        do throws(ConfigurationError) {
            _ = try RegistrarConfiguration(parsing: Array(text.utf8), file: "f", environment: [:])
            Issue.record("accepted")
        } catch {
            let problems = error.problems.map { "\($0.line ?? 0): \($0.message) [\($0.suggestion ?? "")]" }
            #expect(
                problems == [
                    "8: unknown key 'grade_gat' in sources[school].options [did you mean grade_gate?]",
                    "9: sources[school].options.grade_probe must be one of none, lastchanged "
                        + "[did you mean lastchanged?]",
                    "10: sources[school].options.live_days must be a whole number, not '2.5' []",
                    "11: sources[school].options.hot_after must be a duration such as 90s, 15m, 6h or 30d, "
                        + "not 'soon' []",
                    "12: sources[school].options.page_size must hold keys with values, not a single value []",
                ]
            )
        }
    }
}
