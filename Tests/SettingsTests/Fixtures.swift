import Foundation
import Platforms

@testable import Settings

/// Kinds made up for these tests, so that they do not change with the platforms.
enum Kinds {
    static let grow = KindDescription(
        kind: "grow",
        title: "Grow",
        streams: ["courses", "learners", "assessments", "grades", "events"],
        defaultStreams: ["courses", "learners", "assessments", "grades"],
        defaultRequestsPerSecond: 2.5,
        credentialSets: [["client_id", "client_secret"], ["client_id", "access_token"]],
        scope: CourseVocabulary(["created_after", "availability", "term", "include", "exclude"]),
        options: [
            SourceOption.duration("visit_interval", default: .seconds(3600), help: "Visits.").description,
            SourceOption<String>.choice("token_body", of: ["data", "form", "json"], default: "data", help: "Token.")
                .description,
            SourceOption.integers("page_size", example: ["courses": 50], help: "Sizes.").description,
            SourceOption.flag("skip_never_active", default: true, help: "Skip.").description,
            SourceOption.list("assessment_unit_types", default: ["assessmentV2"], help: "Types.").description,
            SourceOption.number("quota_reserve", default: 0.1, unit: "share", help: "Reserve.").description,
            SourceOption.integer("batch", default: 100, unit: "ids", help: "Batch.").description,
            SourceOption.text("api_root", example: "/api", help: "Root.").description,
        ]
    )
    static let matrix = KindDescription(
        kind: "matrix",
        title: "Matrix",
        streams: ["courses", "events"],
        defaultStreams: ["courses"],
        defaultRequestsPerSecond: 1.5,
        largestRequestsPerSecond: 1.9,
        defaultRequestsPerDay: 5000,
        defaultCustomFields: CustomFieldsPolicy.none,
        credentialSets: [["api_key"]],
        options: []
    )
    static let all = [grow, matrix]
}

/// A source that is fine, for tests that change one thing about it.
func file(
    id: String = "acme",
    url: String = "https://acme.example.org",
    _ more: String = "",
    tail: String = ""
) -> String {
    let extra = more.split(separator: "\n").map { "    \($0)\n" }.joined()
    return """
        sources:
          - id: \(id)
            kind: grow
            url: \(url)
            client_id: registrar
            client_secret: ${ACME_SECRET}
        \(extra)\(tail)
        """
}

func parse(
    _ text: String,
    environment: [String: String] = ["ACME_SECRET": "s3cret"],
    mode: UInt32? = nil,
    for use: ConfigurationUse = .platforms
) throws(ConfigurationError) -> RegistrarConfiguration {
    try RegistrarConfiguration(
        parsing: Array(text.utf8),
        file: "registrar.yaml",
        fileMode: mode,
        environment: environment,
        for: use,
        kinds: Kinds.all
    )
}

func problems(_ text: String, environment: [String: String] = ["ACME_SECRET": "s3cret"]) -> [ConfigurationProblem] {
    do throws(ConfigurationError) {
        _ = try parse(text, environment: environment)
        return []
    } catch {
        return error.problems
    }
}
