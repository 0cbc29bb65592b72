import Foundation
import Testing

@testable import Settings

@Suite struct TextTests {
    @Test(
        "durations",
        arguments: [("90s", 90), ("15m", 900), ("6h", 21_600), ("30d", 2_592_000), ("42", 42), ("0", 0)]
    )
    func durations(_ text: String, _ seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(
        "what is no duration",
        arguments: ["", "s", "1.5h", "-1s", "1 h", "1w", "٣s", "99999999999999999999", "1h30m"]
    )
    func noDurations(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("a duration is written as it is read", arguments: ["90s", "15m", "6h", "30d", "0s"])
    func durationText(_ text: String) throws {
        #expect(DurationText.text(try #require(DurationText.parse(text))) == text)
    }

    @Test(
        "the nearest name",
        arguments: [
            ("lerners", "learners"), ("corses", "courses"), ("gardes", "grades"), ("enrolments", "enrollments"),
            ("certificate", "certificates"), ("COURSES", "courses"),
        ]
    )
    func nearest(_ slip: String, _ name: String) {
        let names = ["courses", "learners", "enrollments", "grades", "certificates"]
        #expect(NearestName.of(slip, in: names) == name)
    }

    @Test("a name far from all has no nearest")
    func noNearest() {
        #expect(NearestName.of("organizations", in: ["courses", "learners"]) == nil)
    }

    @Test(
        "the distance counts a swap of neighbours once",
        arguments: [("ab", "ba", 1), ("abc", "abc", 0), ("", "abc", 3), ("kitten", "sitting", 3)]
    )
    func distance(_ left: String, _ right: String, _ distance: Int) {
        #expect(NearestName.distance(left, right) == distance)
    }

    @Test("cron expressions", arguments: ["* * * * *", "*/15 0-23/2 1,15 JAN-dec 7", "0 3 * * 0", "5/10 * * * sun"])
    func cron(_ text: String) {
        #expect(CronSyntax.problem(in: text) == nil)
    }

    @Test(
        "what is no cron expression",
        arguments: [
            "", "@daily", "60 * * * *", "* * 0 * *", "*/0 * * * *", "5-1 * * * *", "a * * * *", ", * * * *",
            "1- * * * *",
        ]
    )
    func noCron(_ text: String) {
        #expect(CronSyntax.problem(in: text) != nil)
    }

    @Test(
        "dates",
        arguments: [
            ("2024-02-29", true), ("2023-02-29", false), ("2024-8-1", false), ("2024-08-01T10:00:00Z", true),
            ("2024-08-01T10:00+02:00", true), ("2024-08-01T10:00", false), ("2024-08-01T25:00Z", false),
        ]
    )
    func dates(_ text: String, _ isValid: Bool) {
        #expect(CalendarText.isValid(text) == isValid)
    }

    @Test(
        "loopback",
        arguments: [
            ("localhost", true), ("127.1.2.3", true), ("::1", true), ("127.0.0.1.evil.example", false),
            ("127.0.0.256", false), ("10.0.0.1", false),
        ]
    )
    func loopback(_ host: String, _ isLoopback: Bool) {
        #expect(HostAddress.isLoopback(host) == isLoopback)
    }

    @Test("what a terminal would obey is escaped")
    func escapes() {
        #expect(LogSafe.text("a\u{1b}[31mb\r\n\tc\u{9b}d\u{202e}e") == "a\\u{1b}[31mb\\r\\n\\tc\\u{9b}d\\u{202e}e")
        #expect(LogSafe.text("Zoë 🎓") == "Zoë 🎓")
    }
}

@Suite struct ExpanderTests {
    private let expander = Expander(environment: ["A": "1", "B_2": "${A}", "EMPTY": ""])

    @Test(
        "references are replaced once",
        arguments: [
            ("x${A}y", "x1y"), ("${A}${A}", "11"), ("$A", "$A"), ("$${A}", "${A}"), ("${B_2}", "${A}"),
            ("a$$b", "a$$b"),
        ]
    )
    func expansion(_ text: String, _ expected: String) throws {
        #expect(try expander.expand(text).text == expected)
    }

    @Test("an empty variable is refused")
    func empty() {
        #expect(throws: Expander.Failure.self) { try expander.expand("${EMPTY}") }
    }

    @Test("a file gives its text without the last line break, and its mode is told")
    func files() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("top secret\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let open = try expander.expand("${file:\(path)}")
        #expect(open.text == "top secret")
        #expect(!open.hasLiteralPart)
        #expect(open.openFiles.first?.hasSuffix("(mode 0644)") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try expander.expand("${file:\(path)}").openFiles.isEmpty)
        for ragged in ["\u{FEFF}top secret\n", "top secret \n", " top secret", "top secret\t"] {
            try Data(ragged.utf8).write(to: URL(filePath: path))
            do throws(Expander.Failure) {
                _ = try expander.expand("${file:\(path)}")
                Issue.record("\(ragged.debugDescription) was taken")
            } catch {
                #expect(error.message.contains(path) && !error.message.contains("top"))
            }
        }
        try Data().write(to: URL(filePath: path))
        #expect(throws: Expander.Failure.self) { try expander.expand("${file:\(path)}") }
        #expect(throws: Expander.Failure.self) { try expander.expand("${file:/tmp}") }
    }
}
