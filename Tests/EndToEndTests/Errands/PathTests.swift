import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@testable import Extractor

/// A site whose API lies elsewhere: every call has to come under its own root and by its own paths, and reaches the school
/// by those of the connector's README.
private struct RelocatedSite: HTTPTransport {
    let base: any HTTPTransport
    let paths: SitePaths

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard let target = paths.guideTarget(request.target) else { return TransportResponse(status: 404) }
        return try await base.send(
            TransportRequest(
                method: request.method,
                origin: request.origin,
                target: target,
                headers: request.headers,
                body: request.body,
                timeLimit: request.timeLimit,
                byteLimit: request.byteLimit
            )
        )
    }
}

/// What a site spells otherwise than the connector's README, and what `options` say of it.
private struct SitePaths: Sendable {
    let options: [String: OptionValue]
    let root: (site: String, guide: String)
    /// Parts of targets.
    let parts: [(site: String, guide: String)]

    /// The target as the connector's README spells it; `nil` for one that the site does not know.
    func guideTarget(_ target: String) -> String? {
        guard target.hasPrefix(root.site + "/") else { return nil }
        var target = root.guide + target.dropFirst(root.site.utf8.count)
        guard !parts.contains(where: { target.contains($0.guide) && !target.contains($0.site) }) else { return nil }
        for part in parts { target = target.replacing(part.site, with: part.guide) }
        return target
    }

    static func of(_ kind: String) -> SitePaths {
        switch kind {
        case "blackboard":
            SitePaths(
                options: [
                    "api_root": .string("/gateway/learn"),
                    "paths": .map([
                        "/v3/courses": .string("/v4/catalogue"), "/v1/oauth2/token": .string("/v1/oauth2/mint"),
                        "/v2/courses/{courseId}/gradebook/columns": .string("/v2/courses/{courseId}/gradebook/cols"),
                    ]),
                ],
                root: ("/gateway/learn", "/learn/api/public"),
                parts: [
                    ("/v4/catalogue?", "/v3/courses?"), ("/oauth2/mint", "/oauth2/token"),
                    ("/gradebook/cols?", "/gradebook/columns?"),
                ]
            )
        case "matrix":
            SitePaths(
                options: [
                    "api_root": .string("/gateway/matrix"),
                    "paths": .map(["/get_all_users": .string("/people/get_all_users")]),
                ],
                root: ("/gateway/matrix", "/api"),
                parts: [("/people/get_all_users", "/get_all_users")]
            )
        default:
            SitePaths(
                options: [
                    "api_root": .string("/gateway/school"), "token_path": .string("/mint"),
                    "paths": .map([
                        "/v2/courses": .string("/v2/catalogue"),
                        "/v2/users/{id}/progress": .string("/v2/users/{id}/study"),
                    ]),
                ],
                root: ("/gateway/school", "/admin/api"),
                parts: [
                    ("/v2/catalogue?", "/v2/courses?"), ("/study?", "/progress?"), ("/mint", "/oauth2/access_token"),
                ]
            )
        }
    }
}

@Suite("Corrected paths")
struct PathTests {
    @Test(
        "a site under another root with paths of its own is read like any other",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func otherSite(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 111)) { plain in
            let paths = SitePaths.of(platform.kind)
            var harness = plain.configured { $0.options.merge(paths.options) { $1 } }
            let make = harness.parts.makeTransport
            harness.parts.makeTransport = { origin, connections in
                let (transport, end) = make(origin, connections)
                return (RelocatedSite(base: transport, paths: paths), end)
            }
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources.first?.message ?? "")")
            try await expectTruth(harness)
            #expect(await harness.sync().exitCode == 0)

            // Without the options the site does not answer.
            var uncorrected = harness
            uncorrected.configuration.sources[0].options = plain.configuration.sources[0].options
            #expect(await uncorrected.sync().exitCode != 0)
        }
    }
}
