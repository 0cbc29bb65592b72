import JSON
import Testing

@Suite struct JSONNumberTests {
    @Test(
        "integers, however they are spelt (H19, H20)",
        arguments: [
            ("0", 0), ("-0", 0), ("0e1", 0), ("0.000", 0), ("0e999999999999", 0), ("42", 42), ("-42", -42), ("1.0", 1),
            ("1e2", 100), ("1E+2", 100), ("100e-2", 1), ("1.5e1", 15), ("12.300e1", 123), ("0.5e1", 5), ("0.001e3", 1),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("9.223372036854775807e18", Int64.max),
            ("1e18", 1_000_000_000_000_000_000),
        ] as [(String, Int64)]
    )
    func integers(_ token: String, _ value: Int64) throws {
        try parse("[\(token)]").withRoot { root in
            #expect(root.elements.map(\.int64) == [value] && root.elements.map(\.numberToken) == [token])
        }
    }

    @Test(
        "what is no integer of 64 bits is none, and its token is kept (H19, H21)",
        arguments: [
            "1.5", "1e-1", "-0.1", "9223372036854775808", "-9223372036854775809", "18446744073709551615",
            "18446744073709551616", "1234567890123456789012345678901234567890", "1e19", "1e400", "1e-400",
            "93.33333333333333333",
            "123456789012345678901234567890123456789.123456789", "1e999999999999", "100e-3", "0.0000001e3",
        ]
    )
    func notIntegers(_ token: String) throws {
        try parse("[\(token)]").withRoot { root in
            #expect(root.elements.map(\.int64) == [nil] && root.elements.map(\.numberToken) == [token])
        }
    }

    @Test(
        "doubles are the nearest, and none beyond their range (H21)",
        arguments: [
            ("93.33333333333333333", 93.33333333333333), ("1751290000.123456", 1_751_290_000.123456), ("-0", -0.0),
            ("1e22", 1e22), ("1e400", nil), ("-1e400", nil), ("1e-400", nil), ("5e-324", .leastNonzeroMagnitude),
            ("4503599627370497.5", 4_503_599_627_370_497.5), ("0.1", 0.1),
        ] as [(String, Double?)]
    )
    func doubles(_ token: String, _ value: Double?) throws {
        #expect(try parse("[\(token)]").withRoot { $0.elements.map(\.double) } == [value])
    }

    @Test(
        "numbers beyond PostgreSQL's numeric are flagged",
        arguments: [
            ("1e131071", false), ("1e131072", true), ("1e-16383", false), ("1e-16384", true), ("1e999999999999", true),
            ("1" + String(repeating: "0", count: 131_071), false), ("1" + String(repeating: "0", count: 131_072), true),
            ("0." + String(repeating: "1", count: 16_383), false), ("0." + String(repeating: "1", count: 16_384), true),
            ("1e400", false), ("1234567890123456789012345678901234567890", false),
        ]
    )
    func range(_ token: String, _ isBeyond: Bool) throws {
        try parse("[[\(token)],1]").withRoot { root in
            #expect(root.faults == (isBeyond ? .numberOutOfRange : []))
        }
    }

    @Test("white space of every kind may follow a scalar")
    func blanks() throws {
        let document = try parse("[ 1 ,\t-2\r\n, 3.5e1\n,true \t,false\r,null ,\"a\" \n]\r\n")
        document.withRoot { root in
            #expect(root.faults.isEmpty && root.count == 7)
            #expect(root.elements.map(\.numberToken).prefix(3) == ["1", "-2", "3.5e1"])
        }
    }
}
