import Testing

@testable import Extractor

@Suite("Scrubbing a platform's message")
struct MessageScrubberTests {
    private let secret = "s3cr/t+Key=Of Zoë-0123456789"

    @Test("a known secret is found however it is written")
    func spellings() {
        let scrubber = MessageScrubber(secrets: [Secret(secret)])
        let hex = secret.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let forms = [
            secret, PercentCoding.encode(secret), PercentCoding.encode(secret).lowercased(), hex, hex.uppercased(),
            Base64.encode(Array(secret.utf8)), Base64.encode(Array("id:\(secret)".utf8)),
            Base64.encode(Array("ab:\(secret)x".utf8)), Base64.encode(Array("abcd:\(secret)".utf8)),
            String(secret.prefix(8)), String(secret.prefix(15)),
        ]
        for form in forms {
            let text = scrubber.scrub("(\(form))", limit: 1_000)
            #expect(text.contains("[secret]"), "\(text)")
            #expect(!text.contains("s3cr"), "\(text)")
        }
    }

    @Test(
        "addresses, links, ids and controls go, words stay",
        arguments: [
            ("no user ada.l@example.org here", "no user [address] here"),
            ("see https://x.example.com/?key=1 now", "see [link] now"),
            ("see www.example.com", "see [link]"),
            ("course 65f0aa00bb11cc22dd33ee44 missing", "course [id] missing"),
            ("column _123_1 gone", "column [id] gone"),
            ("user 1234567, page", "user [id], page"),
            ("Paging limit may not exceed 200", "Paging limit may not exceed 200"),
            ("The access token is invalid.", "The access token is invalid."),
            ("a\r\nfalse line \u{1B}[31mred", "a false line [31mred"),
            ("{\"id\":\"65f0aa00bb11cc22dd33ee44\"}", "{\"id\":\"[id]\"}"),
        ]
    )
    func patterns(_ text: String, _ expected: String) {
        #expect(MessageScrubber(secrets: []).scrub(text) == expected)
    }

    @Test("echoed arguments go, and cutting comes last")
    func values() {
        let scrubber = MessageScrubber(secrets: [Secret("topsecret")], values: ["fire-safety"])
        #expect(scrubber.scrub("course fire-safety not found") == "course [value] not found")
        let padding = String(repeating: "word ", count: 39)
        let text = scrubber.scrub(padding + "topsecret")
        #expect(text.count == 200)
        #expect(!text.contains("tops"))
        #expect(scrubber.scrub(String(repeating: "x ", count: 1_000_000)).count <= 200)
    }
}
