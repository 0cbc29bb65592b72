import Testing

@testable import Settings

/// One bad file: what is said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var line: Int?
    var message: String
    var suggestion: String?

    init(_ name: String, _ text: String, line: Int?, _ message: String, hint: String? = nil) {
        (self.name, self.text, self.line, self.message, self.suggestion) = (name, text, line, message, hint)
    }

    var testDescription: String { name }
}

@Suite struct RefusalTests {
    static let files = [
        BadFile(
            "unknown key of a source",
            file("shedule: x"),
            line: 7,
            "unknown key 'shedule' in sources[acme]",
            hint: "schedule"
        ),
        BadFile(
            "swapped letters",
            file("tiem_zone: UTC"),
            line: 7,
            "unknown key 'tiem_zone'",
            hint: "did you mean time_zone?"
        ),
        BadFile(
            "unknown key at the top",
            "warehose:\n  url: x\n",
            line: 1,
            "unknown key 'warehose'",
            hint: "warehouse"
        ),
        BadFile(
            "key in the wrong place",
            file("custom_fields: all"),
            line: 7,
            "unknown key",
            hint: "belongs under learners"
        ),
        BadFile(
            "option in the wrong place",
            file("visit_interval: 1h"),
            line: 7,
            "unknown key",
            hint: "belongs under options"
        ),
        BadFile(
            "unknown option",
            file("options:\n  visit_intervall: 1h"),
            line: 8,
            "unknown key",
            hint: "visit_interval"
        ),
        BadFile("wrong type", file("concurrency: many"), line: 7, "must be a whole number, not 'many'"),
        BadFile("quoted number", file("concurrency: \"4\""), line: 7, "is text", hint: "remove the quotes"),
        BadFile("out of range", file("concurrency: 0"), line: 7, "must be 1 to 64"),
        BadFile("not a number", file("requests_per_second: .inf"), line: 7, "must be a number"),
        BadFile("no rate", file("requests_per_second: 0"), line: 7, "must be 0.001"),
        BadFile("list instead of a value", file("time_zone: [UTC]"), line: 7, "must be a single value, not a list"),
        BadFile("value instead of a list", file("streams: courses"), line: 7, "must be a list"),
        BadFile("value instead of keys", file("learners: all"), line: 7, "must hold keys with values"),
        BadFile("no value", file("schedule:"), line: 7, "has no value"),
        BadFile("empty text", file("schedule: \"\""), line: 7, "is empty"),
        BadFile(
            "unknown stream",
            file("streams: [courses, lerners]"),
            line: 7,
            "unknown stream 'lerners'",
            hint: "learners? grow offers courses"
        ),
        BadFile(
            "stream of another platform",
            file("streams:\n  - courses\n  - organizations"),
            line: 9,
            "unknown stream",
            hint: "grow offers"
        ),
        BadFile("no stream", file("streams: []"), line: 7, "names nothing"),
        BadFile("schedule", file("schedule: \"* * * *\""), line: 7, "5 fields"),
        BadFile("schedule out of range", file("full_refresh: \"0 24 * * *\""), line: 7, "the hour of a schedule"),
        BadFile("time zone", file("time_zone: Europe/Berlim"), line: 7, "not a time zone", hint: "Europe/Berlin"),
        BadFile("duration", file("publish_interval: 1x"), line: 7, "must be a duration"),
        BadFile("short duration", file("publish_interval: 0"), line: 7, "must be 1s to 1d"),
        BadFile("fraction", file("deletions:\n  max_fraction: 20"), line: 8, "must be 0 to 1"),
        BadFile(
            "choice",
            file("options:\n  token_body: fomr"),
            line: 8,
            "must be one of data, form, json",
            hint: "form"
        ),
        BadFile(
            "option of a wrong type",
            file("options:\n  page_size: {courses: many}"),
            line: 8,
            "options.page_size.courses must be a whole number"
        ),
        BadFile("option that is yes", file("options:\n  skip_never_active: yes"), line: 8, "must be true or false"),
        BadFile("scope date", file("scope:\n  created_after: 2023-02-29"), line: 8, "is not a date"),
        BadFile(
            "scope of a kind that has no such thing",
            file("scope:\n  data_source: [SIS]"),
            line: 8,
            "courses of the kind grow have nothing that says it",
            hint: "availability, term, include, exclude"
        ),
        BadFile("scope key", file("scope:\n  create_after: 2024-01-01"), line: 8, "unknown key", hint: "created_after"),
        BadFile(
            "pseudonym column",
            file("learners:\n  pseudonymize: [emial]"),
            line: 8,
            "cannot be pseudonymised",
            hint: "email"
        ),
        BadFile("http", file(url: "http://acme.example.org"), line: 4, "must be https"),
        BadFile("no scheme", file(url: "acme.example.org"), line: 4, "no scheme", hint: "https://"),
        BadFile("other scheme", file(url: "ftp://acme.example.org"), line: 4, "must begin with https://"),
        BadFile("password in the url", file(url: "https://a:b@acme.example.org"), line: 4, "user name or password"),
        BadFile("query in the url", file(url: "https://acme.example.org/?key=1"), line: 4, "query"),
        BadFile("port", file(url: "https://acme.example.org:99999"), line: 4, "no valid port"),
        BadFile("id", file(id: "Acme-1"), line: 2, "must be a small letter", hint: "acme_1"),
        BadFile("id that is SQL", file(id: "'a\"; drop table x;--'"), line: 2, "must be a small letter"),
        BadFile("id too long", file(id: String(repeating: "a", count: 32)), line: 2, "must be a small letter"),
        BadFile("id that is an emoji", file(id: "🎓"), line: 2, "must be a small letter"),
        BadFile("no sources", "warehouse:\n", line: 1, "no source is configured"),
        BadFile("empty sources", "sources: []\n", line: 1, "no source is configured"),
        BadFile("empty file", "", line: 1, "the file is empty"),
        BadFile("no mapping", "- a\n- b\n", line: 1, "must hold keys with values, not a list"),
        BadFile(
            "kind",
            "sources:\n  - id: a\n    kind: grwo\n    url: https://a.example\n",
            line: 3,
            "unknown kind 'grwo'",
            hint: "grow"
        ),
        BadFile(
            "credentials",
            "sources:\n  - id: a\n    kind: grow\n    url: https://a.example\n    client_id: x\n",
            line: 2,
            "lacks client_secret"
        ),
        BadFile("missing keys", "sources:\n  - client_id: x\n", line: 2, "lacks id"),
        BadFile(
            "rate above the platform's",
            "sources:\n  - id: m\n    kind: matrix\n    url: https://m.example\n    api_key: ${ACME_SECRET}\n"
                + "    requests_per_second: 2\n",
            line: 6,
            "more than the platform allows",
            hint: "1.9"
        ),
        BadFile("key twice", file("time_zone: UTC\ntime_zone: UTC"), line: 7, "stands twice"),
        BadFile("tab", "sources:\n\t- id: a\n", line: 2, "a tab", hint: "spaces"),
        BadFile("not YAML", "sources: [\n", line: 2, "not YAML"),
        BadFile("two documents", "sources: []\n---\nsources: []\n", line: 2, "not YAML"),
        BadFile("NUL byte", "sources:\n  - id: a\u{0}b\n", line: 2, "NUL"),
        BadFile("escaped NUL", file("schedule: \"a\\0b\""), line: 7, "control character"),
        BadFile("line break", file("time_zone: \"UTC\\nx\""), line: 7, "control character"),
        BadFile("alias", "a: &x [1]\nb: *x\n", line: 2, "aliases"),
        BadFile(
            "missing variable",
            file("api_key: ${ACME_SECRETT}"),
            line: 7,
            "ACME_SECRETT is not set",
            hint: "ACME_SECRET"
        ),
        BadFile("missing file", file("api_key: ${file:/nowhere/x}"), line: 7, "cannot be read: no such file"),
        BadFile("relative file", file("api_key: ${file:x}"), line: 7, "must be absolute"),
        BadFile("open reference", file("api_key: ${ACME"), line: 7, "not closed"),
        BadFile("odd reference", file("api_key: ${A:-b}"), line: 7, "neither a variable nor a file"),
        BadFile(
            "warehouse",
            file(tail: "warehouse:\n  url: db.example.org\n"),
            line: 8,
            "neither a URI nor a conninfo"
        ),
        BadFile("open service", file(tail: "serve:\n  listen: 0.0.0.0:8080\n"), line: 8, "serve.token is missing"),
        BadFile("listen", file(tail: "serve:\n  listen: here\n"), line: 8, "ADDRESS:PORT"),
    ]

    @Test("a bad file is refused with its line and what to write", arguments: files)
    func refusal(_ bad: BadFile) throws {
        let problems = problems(bad.text)
        let first = try #require(problems.first)
        #expect(first.line == bad.line, "\(first)")
        #expect(first.message.contains(bad.message), "\(first)")
        #expect(first.file == "registrar.yaml")
        if let wanted = bad.suggestion { #expect(first.suggestion?.contains(wanted) == true, "\(first)") }
        #expect(!problems.contains { $0.description.contains("s3cret") })
    }

    @Test("all problems of a file are told, in the order of their lines")
    func allProblems() {
        let found = problems(file("concurrency: x\nschedule: y\ntime_zone: z\nfoo: 1"))
        #expect(found.map(\.line) == [7, 8, 9, 10])
    }

    @Test("a problem of one source is told beside those of another")
    func severalSources() {
        let text = file("concurrency: x", tail: "  - id: b\n    kind: nope\n    url: b\n")
        #expect(problems(text).map(\.line) == [7, 9, 10])
    }

    @Test("an id used twice is refused and names the first")
    func duplicateID() throws {
        let text = file() + "\n" + file().split(separator: "\n").dropFirst().joined(separator: "\n")
        let problem = try #require(problems(text).first)
        #expect(problem.message == "the id acme is used twice (first in line 2)")
        #expect(problem.line == 8)
    }

    @Test("bytes that are not UTF-8 are refused with their line")
    func invalidUTF8() {
        do throws(ConfigurationError) {
            _ = try RegistrarConfiguration(
                parsing: Array("a: 1\nb: ".utf8) + [0xff],
                file: "f",
                environment: [:],
                kinds: Kinds.all
            )
            Issue.record("accepted")
        } catch {
            #expect(error.line == 2)
            #expect(error.description.hasPrefix("f:2: the file is not UTF-8"))
        }
    }

    @Test("an anchor bomb is refused at once", .timeLimit(.minutes(1)))
    func anchorBomb() {
        var text = "a0: &a0 [x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a40\n: 1\n"
        #expect(problems(text).first?.message.contains("aliases") == true)
    }

    @Test("a file nested without end is refused")
    func deepNesting() {
        #expect(!problems(String(repeating: "[", count: 200_000)).isEmpty)
        #expect(!problems(String(repeating: "{a: ", count: 900) + String(repeating: "}", count: 900)).isEmpty)
    }

    @Test("a secret of a wrong shape is not quoted")
    func secretNotQuoted() {
        let found = problems(
            file("api_key: [topsecret]\nconcurrency: ${ACME_SECRET}\nrequests_per_day: ${ACME_SECRET}")
        )
        #expect(found.count == 3)
        #expect(!found.contains { $0.description.contains("secret]") || $0.description.contains("s3cret") })
    }

    @Test("pseudonyms need a key of 32 bytes", arguments: [nil, "short", String(repeating: "k", count: 31)])
    func pseudonymKey(_ key: String?) {
        var environment = ["ACME_SECRET": "x"]
        environment["REGISTRAR_PSEUDONYM_KEY"] = key
        let found = problems(file("learners:\n  pseudonymize: [email]"), environment: environment)
        #expect(found.first?.line == 8)
        #expect(found.first?.message.contains("REGISTRAR_PSEUDONYM_KEY") == true)
    }
}
