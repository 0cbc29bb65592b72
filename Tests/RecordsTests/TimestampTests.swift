import Records
import Testing

@Suite struct TimestampTests {
    @Test(
        "instants print in ISO 8601",
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (946_684_800_000_000, "2000-01-01T00:00:00Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_751_300_601_750_000, "2025-06-30T16:23:21.750000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (4_102_444_799_000_000, "2099-12-31T23:59:59Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        ]
    )
    func iso8601(microseconds: Int64, text: String) {
        #expect(Timestamp(microsecondsSinceEpoch: microseconds).iso8601 == text)
    }

    @Test(
        "seconds are rounded to the nearest microsecond",
        arguments: [
            (1_751_290_000.512044, 1_751_290_000_512_044), (1_735_689_600.104233, 1_735_689_600_104_233),
            (1_751_300_001, 1_751_300_001_000_000), (-0.25, -250_000), (0.0000004, 0), (0.0000006, 1),
            (.infinity, .max), (-.infinity, .min), (.nan, 0), (1e300, .max),
        ] as [(Double, Int64)]
    )
    func seconds(seconds: Double, microseconds: Int64) {
        #expect(Timestamp(secondsSinceEpoch: seconds).microseconds == microseconds)
    }

    @Test("the month names the partition")
    func month() {
        #expect(Timestamp(secondsSinceEpoch: 1_751_300_601.75).month == "2025-06-01")
        #expect(Timestamp(microsecondsSinceEpoch: -1).month == "1969-12-01")
    }
}
