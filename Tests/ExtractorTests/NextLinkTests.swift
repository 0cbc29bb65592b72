import Extractor
import Testing

@Suite("Links to the next page")
struct NextLinkTests {
    private let root = "/learn/api/public"
    private let request = APIRequest(
        "/v2/courses/{id}/users",
        pathArguments: ["_1_1"],
        query: [("limit", "200")],
        secretQuery: [("api_key", Secret("kkkk"))],
        stream: "enrollments"
    )

    private func resolve(_ link: String) throws -> APIRequest {
        try NextLink.resolve(
            link,
            origin: try APIOrigin(parsing: "https://learn.example.edu"),
            root: root,
            following: request,
            adding: [("limit", "200")]
        )
    }

    @Test(
        "accepted links",
        arguments: [
            "/learn/api/public/v2/courses/_1_1/users?offset=200",
            "https://learn.example.edu/learn/api/public/v2/courses/_1_1/users?offset=200",
            "HTTPS://LEARN.example.edu:443/learn/api/public/v2/courses/_1_1/users?offset=200",
        ]
    )
    func accepted(_ link: String) async throws {
        let transport = FakeTransport { _, _ in .json("[]") }
        let next = try resolve(link)
        let rig = try makeRig(transport)
        _ = try await rig.client.fetch(next)
        #expect(transport.targets == ["/admin/api/v2/courses/_1_1/users?offset=200&limit=200&api_key=kkkk"])
        #expect("\(next)" == "GET /v2/courses/{id}/users?offset")
        #expect(next.stream == "enrollments")
    }

    @Test(
        "security stops",
        arguments: [
            "//evil.example.com/learn/api/public/x", "https://evil.example.com/learn/api/public/x",
            "https://user@learn.example.edu/learn/api/public/x",
            "https://learn.example.edu@evil.com/learn/api/public/x",
            "http://learn.example.edu/learn/api/public/x", "http://learn.example.edu:443/learn/api/public/x",
            "https://learn.example.edu:8443/learn/api/public/x",
            "/learn/api/public/../private", "/learn/api/public/%2e%2e/private", "/learn/api/public/%2E./private",
            "/learn/api/public/./x", "/learn/api/publicity/x", "/other", "learn/api/public/x", "?offset=200", "",
            "javascript:alert(1)", "https://learn.examp1e.edu/learn/api/public/x",
            "https://lеarn.example.edu/learn/api/public/x",
            "https://learn%2eexample.edu/learn/api/public/x", "/learn/api/public/x#y", "/learn/api/public/a b",
            "/learn/api/public/x\r\nHost: evil", "\\\\evil.com\\learn", "/learn/api/public\\..\\x",
            "/learn/api/public/%zz",
            "https:///learn/api/public/x", "/learn/api/public/" + String(repeating: "a", count: 65_536),
        ]
    )
    func refused(_ link: String) throws {
        do {
            _ = try resolve(link)
            Issue.record("accepted")
        } catch let error as ExtractorError {
            #expect(error.code == .security)
            #expect(error.exitClass == .sourceFailed)
            #expect(error.stopsSource)
            #expect(!"\(error)".contains("evil"))
        }
    }
}
