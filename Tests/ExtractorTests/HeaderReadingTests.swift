import Testing

@testable import Extractor

@Suite("Retry-After and Date")
struct HeaderReadingTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private static let instant: Int64 = 784_111_777_000_000

    @Test(
        "Retry-After",
        arguments: [
            (["0"], Duration.zero), (["5"], .seconds(5)), (["1.5"], .milliseconds(1_500)), ([" 7 "], .seconds(7)),
            (["-5"], nil), (["abc"], nil), ([""], nil), (["1e3"], nil), (["nan"], nil), (["inf"], nil), ([], nil),
            (["86400"], .seconds(86_400)), (["1000000000000"], .seconds(86_400)), (["5", "60"], .seconds(60)),
            (["-1", "3"], .seconds(3)), (["Sun, 06 Nov 1994 08:50:37 GMT"], .seconds(60)),
            (["Sun, 06 Nov 1994 08:49:36 GMT"], nil), (["Sun, 06 Nov 1999 08:49:36 GMT"], .seconds(86_400)),
            ([String(repeating: "9", count: 400)], nil), (["1.2.3"], nil),
        ] as [([String], Duration?)]
    )
    func retryAfter(_ values: [String], _ expected: Duration?) {
        #expect(RetryAfter.parse(values, nowMicroseconds: Self.instant) == expected)
    }

    @Test(
        "HTTP dates",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", instant), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_799_000_000), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49:37 UTC", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("", nil),
            ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
        ] as [(String, Int64?)]
    )
    func dates(_ text: String, _ expected: Int64?) {
        #expect(HTTPDate.microseconds(text) == expected)
    }
}
