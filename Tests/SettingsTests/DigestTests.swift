import Platforms
import Testing

@testable import Settings

@Suite struct DigestTests {
    private func digest(_ more: String = "", key: String? = nil) throws -> String {
        var environment = ["ACME_SECRET": "s3cret"]
        environment["REGISTRAR_PSEUDONYM_KEY"] = key
        return try #require(try parse(file(more), environment: environment).sources.first?.configDigest)
    }

    @Test("what is stored does not change with pace, schedule or credentials")
    func pace() throws {
        let plain = try digest()
        #expect(plain.count == 64)
        #expect(try digest("requests_per_second: 1\nschedule: \"* * * * *\"\npublish_interval: 5m") == plain)
        #expect(try digest("api_key: other") == plain)
        #expect(try digest("options:\n  visit_interval: 60m") == plain, "a default written out is the default")
    }

    @Test(
        "what changes what is stored changes the digest",
        arguments: [
            "streams: [courses]", "time_zone: Asia/Tokyo", "learners: {custom_fields: none}",
            "learners: {custom_fields: [a]}", "options: {token_body: form}", "scope: {include: [a]}",
            "scope: {exclude: [a]}", "scope: {created_after: 2024-01-01}",
        ]
    )
    func content(_ more: String) throws {
        #expect(try digest(more) != digest())
    }

    @Test("another pseudonym key changes only the fingerprint")
    func fingerprint() throws {
        let more = "learners: {pseudonymize: [email]}"
        let first = try digest(more, key: String(repeating: "a", count: 32))
        let second = try digest(more, key: String(repeating: "b", count: 32))
        #expect(first != second)
        #expect(first.prefix(64) == second.prefix(64))
        #expect(first.count == 64 + 1 + 16)
        #expect(try digest(key: String(repeating: "a", count: 32)) == digest(), "a key nobody uses changes nothing")
    }
}
