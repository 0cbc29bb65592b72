import Extractor
import Foundation
import Platforms
import Testing

@testable import Settings

@Suite struct AcceptanceTests {
    @Test("the defaults of the kind are filled in")
    func defaults() throws {
        let source = try #require(try parse(file()).sources.first)
        #expect(source.id == "acme")
        #expect(source.kind == "grow")
        #expect(source.url == "https://acme.example.org")
        #expect(source.requestsPerSecond == 2.5)
        #expect(source.requestsPerDay == nil)
        #expect(source.concurrency == 4)
        #expect(source.streams == ["courses", "learners", "assessments", "grades"])
        #expect(source.timeZone == "UTC")
        #expect(source.customFields == .all)
        #expect(source.pseudonymize.isEmpty)
        #expect(source.pseudonymKey == nil)
        #expect(source.publishInterval == .seconds(60))
        #expect(source.maxDeletionFraction == 0.2)
        #expect(source.options["visit_interval"] == .duration(.seconds(3600)))
        #expect(source.options["page_size"] == nil)
        #expect(source.credentials.clientSecret?.reveal { $0 == "s3cret" } == true)
    }

    @Test("the defaults of another kind are its own")
    func otherDefaults() throws {
        let text = "sources:\n  - {id: m, kind: matrix, url: 'https://m.example', api_key: '${ACME_SECRET}'}\n"
        let source = try #require(try parse(text).sources.first)
        #expect(source.requestsPerDay == 5000)
        #expect(source.customFields == CustomFieldsPolicy.none)
        #expect(source.streams == ["courses"])
    }

    @Test("everything that may be said is read")
    func everything() throws {
        let more = """
            requests_per_second: 100000
            requests_per_day: 10
            concurrency: 8
            streams: [grades, events, courses, courses]
            schedule: "*/15 6-18 * jan-mar mon,fri"
            full_refresh: "0 3 * * 0"
            time_zone: Europe/Berlin
            learners:
              custom_fields: [cf_badge, phone]
              pseudonymize: [last_name, email]
            scope:
              created_after: 2024-08-01
              include: [a, b]
              term: fall
            publish_interval: 5m
            deletions: {max_fraction: 0.5}
            options:
              visit_interval: 90
              token_body: form
              page_size: {courses: 50}
              skip_never_active: false
              assessment_unit_types: [a, b]
              quota_reserve: 0.25
              batch: 7
              api_root: /x
            """
        let tail = "warehouse:\n  url: host=/run dbname=x\nserve:\n  listen: \"[::1]:9\"\n  token: ${ACME_SECRET}\n"
        let key = String(repeating: "k", count: 32)
        let configuration = try parse(
            file(url: "http://127.0.0.1:8081/x", more, tail: tail),
            environment: ["ACME_SECRET": "s", "REGISTRAR_PSEUDONYM_KEY": key]
        )
        let source = try #require(configuration.sources.first)
        #expect(source.requestsPerSecond == 100_000)
        #expect(source.requestsPerDay == 10)
        #expect(source.streams == ["courses", "assessments", "grades", "events"], "grades brings assessments")
        #expect(source.timeZone == "Europe/Berlin")
        #expect(source.customFields == .named(["cf_badge", "phone"]))
        #expect(source.pseudonymize == ["email", "last_name"])
        #expect(source.pseudonymKey?.reveal { $0 == key } == true)
        #expect(source.publishInterval == .seconds(300))
        #expect(source.maxDeletionFraction == 0.5)
        #expect(
            source.options == [
                "visit_interval": .duration(.seconds(90)), "token_body": .string("form"),
                "page_size": .map(["courses": .integer(50)]), "skip_never_active": .boolean(false),
                "assessment_unit_types": .list(["a", "b"]), "quota_reserve": .number(0.25), "batch": .integer(7),
                "api_root": .string("/x"),
            ]
        )
        #expect(configuration.warehouseURL == "host=/run dbname=x")
        #expect(configuration.serve.host == "::1")
        #expect(configuration.serve.port == 9)
        #expect(
            configuration.schedules["acme"]
                == SourceSchedule(incremental: "*/15 6-18 * jan-mar mon,fri", fullRefresh: "0 3 * * 0")
        )
        #expect(
            source.scope
                == CourseScope(createdAfter: "2024-08-01", term: ["fall"], include: ["a", "b"])
        )
    }

    @Test("a byte order mark, comments, CRLF and keys without a value are accepted")
    func forms() throws {
        let text =
            "\u{feff}# top\r\nwarehouse:\r\n  # url: x\r\n" + file("options:\n# none").replacing("\n", with: "\r\n")
        #expect(try parse(text).sources.count == 1)
    }

    @Test("a number may come from a variable")
    func expandedNumber() throws {
        let configuration = try parse(
            file("concurrency: \"${N}\""),
            environment: ["N": "7", "ACME_SECRET": "x"]
        )
        #expect(configuration.sources.first?.concurrency == 7)
    }

    @Test("an ampersand and a star in text are no alias")
    func textWithStars() throws {
        let configuration = try parse(file("schedule: \"*/5 * * * *\"\napi_key: \"a &b *c\" # &d *e"))
        #expect(configuration.sources.first?.credentials.apiKey?.reveal { $0 == "a &b *c" } == true)
    }

    @Test("a rate above the platform's is accepted for loopback")
    func loopbackRate() throws {
        let text =
            "sources:\n  - {id: m, kind: matrix, url: 'http://localhost:1', api_key: '${ACME_SECRET}', "
            + "requests_per_second: 500}\n"
        #expect(try parse(text).sources.first?.requestsPerSecond == 500)
    }

    @Test("secrets in the file are reported, those from outside are not")
    func literalSecrets() throws {
        #expect(try parse(file()).warnings.isEmpty)
        let text = file("api_key: abc", tail: "warehouse: {url: 'postgresql://u:pw@db/x'}\n")
        let warnings = try parse(text, mode: 0o100644).warnings
        #expect(warnings.map(\.line) == [8, 7])
        #expect(warnings.allSatisfy { $0.message.hasSuffix("which others may read") && $0.remedy.contains("${NAME}") })
        #expect(!warnings.contains { $0.message.contains("pw") || $0.message.contains("abc") })
    }

    @Test("how secrets are kept is told apart from other warnings: runs say it too")
    func secretWarnings() throws {
        let environment = ["ACME_SECRET": "x", "https_proxy": "http://proxy"]
        let warnings = try parse(file("api_key: abc"), environment: environment).warnings
        #expect(warnings.map(\.isAboutSecrets) == [true, false])
    }

    @Test("what looks at the warehouse alone needs no credentials, and no sources")
    func withoutCredentials() throws {
        let warehouse = "warehouse: {url: 'postgresql://db/x'}\n"
        let text = file("learners: {pseudonymize: [email]}", tail: warehouse)
        for use in [ConfigurationUse.sources, .warehouse] {
            let configuration = try parse(text, environment: [:], for: use)
            #expect(configuration.warehouseURL == "postgresql://db/x")
            #expect(configuration.sources.map(\.id) == (use == .sources ? ["acme"] : []))
            #expect(try parse(warehouse, environment: [:], for: use).sources.isEmpty)
            #expect(throws: ConfigurationError.self) {
                try parse("warehouse: {url: '${DB}'}\n", environment: [:], for: use)
            }
        }
        #expect(throws: ConfigurationError.self) { try parse(text, environment: [:]) }
        #expect(throws: ConfigurationError.self) { try parse(warehouse) }
        #expect(throws: ConfigurationError.self) { try parse(file("request_per_day: 3"), for: .sources) }
    }

    @Test("former addresses: one or several, whole or a host alone, and never what is none")
    func movedFrom() throws {
        let one = try parse(file("moved_from: https://old.example.org"))
        #expect(one.sources.first?.movedFrom == ["https://old.example.org"])
        #expect(one.sources.first?.configDigest == (try parse(file()).sources.first?.configDigest))
        #expect(try parse(file("moved_from: [a.example.org, 'https://b']")).sources.first?.movedFrom.count == 2)
        #expect(problems(file("moved_from: 'ftp://old'")).first?.message.contains("moved_from") == true)
    }

    @Test("a secret with ragged ends is refused by name, wherever it comes from")
    func raggedSecrets() {
        for secret in ["s3cret ", " s3cret", "\u{FEFF}s3cret", "s3cret\u{00A0}"] {
            let found = problems(file(), environment: ["ACME_SECRET": secret])
            #expect(found.first?.message.contains("client_secret begins or ends") == true)
            #expect(found.first?.description.contains("s3cret") == false)
        }
    }

    @Test("what the environment changes is named, never its value")
    func environmentWarnings() throws {
        let environment = ["ACME_SECRET": "x", "PGSSLMODE": "disable", "https_proxy": "http://evil"]
        let warnings = try parse(file(tail: "warehouse: {url: 'postgresql://db/x'}\n"), environment: environment)
            .warnings
        #expect(warnings.count == 2)
        #expect(warnings.contains { $0.message.contains("PGSSLMODE") })
        #expect(warnings.contains { $0.message.contains("https_proxy") })
        #expect(!warnings.contains { $0.message.contains("disable") || $0.message.contains("evil") })
    }

    @Test("what the command line selects must be there")
    func selection() throws {
        let configuration = try parse(file())
        try configuration.checkSelection(sources: [], streams: [])
        try configuration.checkSelection(sources: ["acme"], streams: ["grades"])
        do throws(SelectionError) {
            try configuration.checkSelection(sources: ["acmee"], streams: [])
            Issue.record("accepted")
        } catch {
            #expect(error.subject == .source)
            #expect(error.description.contains("did you mean acme?"))
        }
        do throws(SelectionError) {
            try configuration.checkSelection(sources: [], streams: ["event"])
            Issue.record("accepted")
        } catch {
            #expect(error.subject == .stream)
            #expect(error.description.contains("the streams are courses, learners, assessments, grades"))
        }
    }
}
