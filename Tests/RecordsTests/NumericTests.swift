import Records
import Testing

@Suite struct NumericTests {
    /// Taken from `numeric_send(trim_scale(x))` of PostgreSQL 15: groups, weight, sign, decimals, then the groups.
    static let encodings: [(String, String)] = [
        ("0", "0000000000000000"),
        ("-0", "0000000000000000"),
        ("0.000", "0000000000000000"),
        ("83.33", "000200000000000200530ce4"),
        ("-12.5", "0002000040000001000c1388"),
        ("100", "00010000000000000064"),
        ("1e2", "00010000000000000064"),
        ("1E+2", "00010000000000000064"),
        ("100.00", "00010000000000000064"),
        ("0.0001", "0001ffff000000040001"),
        ("0.00001", "0001fffe0000000503e8"),
        ("93.33333333333333333", "0006000000000011005d0d050d050d050d050bb8"),
        ("12345678901234567890.123", "000600040000000304d2162e23340d801ed204ce"),
        ("8.50000", "000200000000000100081388"),
        ("10000", "00010001000000000001"),
        ("100000000", "00010002000000000001"),
        ("1.5e300", "0002004b0000000000011388"),
        ("1e-7", "0001fffe00000007000a"),
        ("10000.0001", "0003000100000004000100000001"),
        ("-0.5", "0001ffff400000011388"),
        ("0.12345", "0002ffff0000000504d21388"),
        ("9999.9999", "0002000000000004270f270f"),
    ]

    @Test("a number is written as PostgreSQL writes it, shortest form", arguments: encodings)
    func encoding(token: String, hex: String) throws {
        let numeric = try #require(Numeric(token: token))
        var buffer = CopyBuffer()
        buffer.beginRow(fieldCount: 1)
        buffer.append(numeric)
        var rows = BinaryRows(buffer)
        let field = try #require(rows.nextRow().first ?? nil)
        #expect(field.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hex)
        #expect(rows.isAtEnd)
    }

    @Test(
        "equal values have one spelling",
        arguments: [
            ("37.0", "37"), ("37.00000", "37"), ("3.70e1", "37"), ("-0.0", "0"), ("0e99999999999999999999", "0"),
            ("1e-3", "0.001"), ("12.5E1", "125"), ("-1.20", "-1.2"), ("0.5", "0.5"), ("1e20", "100000000000000000000"),
        ]
    )
    func canonicalToken(token: String, canonical: String) {
        #expect(Numeric(token: token)?.token == canonical)
    }

    @Test(
        "what is no JSON number, or no platform means, is refused",
        arguments: [
            "", "-", ".5", "1.", "01", "-01", "+1", "1e", "1e+", "1e1.5", " 1", "1 ", "4,2", "0x1", "NaN", "Infinity",
            "1e400",
            "1e-400", "1" + String(repeating: "0", count: 400), "--1", "1.2.3", "1e99999999999999999999", "٣",
        ]
    )
    func refused(token: String) {
        #expect(Numeric(token: token) == nil)
    }

    @Test("sums are exact")
    func sums() throws {
        let tenth = try #require(Numeric(token: "0.1"))
        let fifth = try #require(Numeric(token: "0.2"))
        #expect(tenth.adding(fifth) == Numeric(token: "0.3"))
        let minusFive = try #require(Numeric(token: "-5.00"))
        #expect(Numeric(5).adding(minusFive) == Numeric(0))
        let points = try #require(Numeric(token: "8.25"))
        #expect(points.adding(Numeric(10))?.token == "18.25")
        let huge = try #require(Numeric(token: "1e38"))
        let tiny = try #require(Numeric(token: "1e-9"))
        #expect(huge.adding(tiny) == nil)
    }
}
