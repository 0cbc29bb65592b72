import Extractor
import Testing

@Suite("Origins")
struct APIOriginTests {
    @Test(
        "accepted addresses",
        arguments: [
            ("https://School.Example.com", "https://school.example.com", ""),
            ("school.example.com", "https://school.example.com", ""),
            ("https://school.example.com:443/admin/api/", "https://school.example.com", "/admin/api"),
            ("https://school.example.com:8443", "https://school.example.com:8443", ""),
            ("http://127.0.0.1:8080/v2", "http://127.0.0.1:8080", "/v2"),
            ("http://localhost:1", "http://localhost:1", ""),
            ("http://[::1]:9000", "http://[::1]:9000", ""),
        ]
    )
    func accepted(_ text: String, _ origin: String, _ path: String) throws {
        let split = try APIOrigin.split(text)
        #expect(split.origin.text == origin)
        #expect(split.path == path)
    }

    @Test(
        "refused addresses",
        arguments: [
            "", "http://school.example.com", "ftp://school.example.com", "https://user@school.example.com",
            "https://school.example.com?x=1", "https://school.example.com#a", "https://", "https://school..com",
            "https://school.example.com:0", "https://school.example.com:99999", "https://sch ool.example.com",
            "https://schööl.example.com", "https://school.example.com/../x", "http://127.0.0.1.evil.com",
            "https://school%2eexample.com", "http://127.1",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ExtractorError.self) { try APIOrigin(parsing: text) }
    }

    @Test("plain http can be forbidden for this machine too")
    func noPlainHTTP() {
        #expect(throws: ExtractorError.self) {
            try APIOrigin(parsing: "http://127.0.0.1", allowPlainHTTPForLoopback: false)
        }
    }
}
