import Records
import Testing
import Transformer

@Suite("Times as platforms write them")
struct TimeReadingTests {
    private func seconds(_ token: String) -> Int64? {
        Array(token.utf8).withUnsafeBytes { UnixTime.read($0)?.microseconds }
    }

    @Test(
        "Unix seconds are read to the microsecond",
        arguments: [
            ("1751290000", 1_751_290_000_000_000), ("1751290000.0", 1_751_290_000_000_000),
            ("1751290000.512044", 1_751_290_000_512_044), ("1751290000.5", 1_751_290_000_500_000),
            ("1751290000.0000004", 1_751_290_000_000_000), ("1751290000.99999950", 1_751_290_001_000_000),
            ("1.75129e9", 1_751_290_000_000_000),
            ("0", 0), ("-1", -1_000_000), ("1751290000000", 1_751_290_000_000_000_000),
        ] as [(String, Int64?)]
    )
    func unixSeconds(token: String, expected: Int64?) {
        // Beyond 10^12 s the reading may be refused or exact; windows refuse it in either case.
        if token.utf8.count == 13 {
            #expect(seconds(token) == nil || seconds(token) == expected)
        } else {
            #expect(seconds(token) == expected)
        }
    }

    @Test(
        "no number, no time",
        arguments: ["", "nan", "inf", "0x10", "+5", "1.", ".5", "1e400", "1 ", " 1", "1,5", "01.5e"]
    )
    func noUnixSeconds(token: String) {
        #expect(seconds(token) == nil)
    }

    @Test(
        "ISO 8601 with and without seconds, fractions and zones",
        arguments: [
            ("2025-02-03T10:11+02:00", "2025-02-03T08:11:00Z"), ("2025-02-03T10:11Z", "2025-02-03T10:11:00Z"),
            ("2025-02-03T10:11:12z", "2025-02-03T10:11:12Z"), ("2025-02-03t10:11:12+0530", "2025-02-03T04:41:12Z"),
            ("2025-02-03 10:11:12+05", "2025-02-03T05:11:12Z"),
            ("2025-02-03T10:11:12.5Z", "2025-02-03T10:11:12.500000Z"),
            ("2025-02-03T10:11:12.123456Z", "2025-02-03T10:11:12.123456Z"),
            ("2025-02-03T10:11:12.123456500Z", "2025-02-03T10:11:12.123457Z"),
            ("2025-02-03T10:11:12.123456499999Z", "2025-02-03T10:11:12.123456Z"),
            ("2025-12-31T23:59:59.9999999Z", "2026-01-01T00:00:00Z"),
            ("2024-02-29T00:00:00-03:30", "2024-02-29T03:30:00Z"), ("1999-12-31T23:30-01:00", "2000-01-01T00:30:00Z"),
        ]
    )
    func instants(text: String, expected: String) {
        guard case .instant(let time, let isNormalized) = ISOTime.read(text) else {
            Issue.record("\(text) names an instant")
            return
        }
        #expect(time.iso8601 == expected)
        #expect(!isNormalized)
    }

    @Test(
        "what names no instant is refused, not moved",
        arguments: [
            "", "2026-02-30T00:00:00Z", "2025-02-29T00:00Z", "2025-13-01T00:00Z", "2025-00-01T00:00Z", "2025-04-31",
            "2025-01-01T24:00:00Z", "2025-01-01T25:61Z", "2025-01-01T12:60Z", "2025-01-01T12:00:61Z",
            "2025-01-01T12:00:60Z", "0000-00-00", "0000-01-01T00:00Z", "03/04/2026", "20250101", "2025-1-1T00:00Z",
            "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00.1234567890123Z", "2025-01-01T00:00 Europe/Bucharest",
            "2025-01-01T00:00+5", "2025-01-01T00:00+99:00", "2025-01-01T00:00ZZ", "20000-01-01T00:00:00Z",
            "+2025-01-01T00:00Z", "２０２５-01-01T00:00Z",
        ]
    )
    func refused(text: String) {
        #expect(ISOTime.read(text) == .invalid)
    }

    @Test("a leap second becomes the last instant before it, noted")
    func leapSecond() {
        let expected = Timestamp(microsecondsSinceEpoch: 1_483_228_799_999_999)
        #expect(ISOTime.read("2016-12-31T23:59:60Z") == .instant(expected, normalized: true))
    }

    @Test("times without a zone are left to the source's rule")
    func localTimes() {
        guard case .local(let time, _) = ISOTime.read("1970-01-02T00:00:01") else {
            Issue.record("a local time")
            return
        }
        #expect(time == ISOTime.Local(daysSinceEpoch: 1, microsecondsOfDay: 1_000_000, isBareDate: false))
        guard case .local(let date, _) = ISOTime.read("1970-01-02") else {
            Issue.record("a bare date")
            return
        }
        #expect(date.isBareDate && date.asUTC.microseconds == 86_400_000_000)
    }
}
