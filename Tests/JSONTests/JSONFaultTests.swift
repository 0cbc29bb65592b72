import JSON
import Testing

@Suite struct JSONFaultTests {
    /// The faults of the three records of a page whose middle one is given.
    private func faults(ofRecord record: String) throws -> [JSONFaults] {
        try parse(#"{"data":[{"id":1},\#(record),{"id":3}],"success":true}"#).withRoot { root in
            #expect(root["data"]?.elements.map { $0["id"]?.int64 }.last == 3)
            #expect(root.ownFaults.isEmpty && root["data"]?.ownFaults.isEmpty == true)
            return root["data"]?.elements.map(\.faults) ?? []
        }
    }

    @Test(
        "a bad scalar harms its record alone (H6)",
        arguments: [
            "tru", "truee", "nul", "NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x1", "1e", "1e+", "-",
            "--1",
            "1a", "1.2.3", "-01", "'a'", "True", "undefined", #""\x""#, #""\u12G4""#, #""\u12""#, #""\u""#,
            "1\"a\"", "nullnull", "１",
        ]
    )
    func badScalar(_ value: String) throws {
        #expect(try faults(ofRecord: #"{"id":2,"x":[{"y":\#(value)}]}"#) == [[], .invalidValue, []])
        #expect(try parse("[\(value)]").withRoot { $0.elements.map(\.kind) } == [.invalid])
    }

    @Test("a bad escape in a key harms its record alone")
    func badKey() throws {
        #expect(try faults(ofRecord: #"{"id":2,"a\qb":1}"#) == [[], .invalidValue, []])
    }

    @Test(
        "repeated keys are a fault of their object, by unescaped bytes (H8)",
        arguments: [
            (#"{"id":2,"id":2}"#, true), (#"{"id":2,"a":1,"b":[],"a":{}}"#, true),
            (#"{"id":2,"b":1,"\u0062":2}"#, true),
            (#"{"id":2,"x":{"a":1,"a":2}}"#, true), (#"{"id":2,"x":[{"":1,"":2}]}"#, true),
            (#"{"id":2,"ID":2}"#, false),
            (#"{"id":2,"é":1,"é":2}"#, true), ("{\"id\":2,\"\u{E9}\":1,\"e\u{301}\":2}", false),
            (#"{"id":2,"x":{"id":2},"y":{"id":2}}"#, false), (#"{"id":2,"a":1,"aa":1,"":1,"a ":1}"#, false),
            (#"{"id":2,"long_key_of_some_length_1":1,"long_key_of_some_length_2":1}"#, false),
            (#"{"id":2,"samehead_A_sametail":1,"samehead_B_sametail":1}"#, false),
            (#"{"id":2,"samehead_B_sametail":1,"samehead_B_sametail":1}"#, true),
        ]
    )
    func duplicateKeys(_ record: String, _ isDuplicate: Bool) throws {
        #expect(try faults(ofRecord: record) == [[], isDuplicate ? .duplicateKey : [], []])
    }

    @Test("the first of repeated keys is found, and all are visited in order")
    func firstWins() throws {
        try parse(#"{"b":1,"a":9,"b":2}"#).withRoot { root in
            #expect(root["b"]?.int64 == 1 && root["a"]?.int64 == 9 && root["b"]?.int64 == 1)
            #expect(root.members.map { $0.value.int64 } == [1, 9, 2])
            #expect(root.ownFaults == .duplicateKey)
        }
        try parse(#"{"x":{"a":1,"a":2}}"#).withRoot { root in
            #expect(root.ownFaults.isEmpty && root.faults == .duplicateKey && root["x"]?.ownFaults == .duplicateKey)
        }
    }

    @Test("é composed and decomposed stay two keys (H14)")
    func canonicalEquivalence() throws {
        try parse("{\"\u{E9}\":1,\"e\u{301}\":2}").withRoot { root in
            #expect(root["\u{E9}"]?.int64 == 1 && root["e\u{301}"]?.int64 == 2 && root.faults.isEmpty)
            let keys = root.members.map(\.key)
            #expect(keys.count == 2 && !(keys[0] == keys[1]) && keys[0].string == keys[1].string)
        }
    }

    @Test("huge objects are searched for repeated keys too", arguments: [63, 64, 65, 66, 1000, 200_000])
    func hugeObjects(_ count: Int) throws {
        // Equal heads, tails and lengths: the cheap hash sees no difference.
        let keys = (0..<count).map { n in
            let digits = String(n)
            return #""headhead\#(String(repeating: "0", count: 6 - digits.count))\#(digits)tailtail":\#(n)"#
        }
        #expect(try parse("{\(keys.joined(separator: ","))}").withRoot { $0.faults }.isEmpty)
        let repeated = keys + [keys[count / 2]]
        #expect(try parse("{\(repeated.joined(separator: ","))}").withRoot { $0.faults } == .duplicateKey)
    }

    @Test(
        "nesting is measured, and beyond the cap left out (H9)",
        arguments: [
            (64, 64, false), (65, 65, false), (254, 254, false), (600, 255, true), (100_000, 255, true),
        ]
    )
    func depth(_ levels: Int, _ height: Int, _ isTooDeep: Bool) throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let inner = levels - 1
            let deep = String(repeating: open, count: inner) + "1" + String(repeating: close, count: inner)
            let page = #"[{"id":1},{"x":\#(deep),"id":2},{"id":3}]"#
            try parse(page).withRoot { root in
                let records = Array(root.elements)
                #expect(records.map { $0["id"]?.int64 } == [1, 2, 3])
                #expect(records[1].height == height)
                #expect(records.map(\.faults) == [[], isTooDeep ? .tooDeep : [], []])
            }
        }
    }

    @Test("the cap on depth is exact")
    func depthCap() throws {
        try parse("[[[]]]", limits: JSONLimits(maxDepth: 3)).withRoot { #expect($0.faults.isEmpty && $0.height == 3) }
        try parse("[[[]]]", limits: JSONLimits(maxDepth: 2)).withRoot { root in
            #expect(root.faults == .tooDeep && root.height == 3 && root.elements.map(\.ownFaults) == [[]])
        }
        #expect(refusal(of: Array("[[[".utf8), limits: JSONLimits(maxDepth: 2)) == .truncated)
        #expect(refusal(of: Array("[[[]]".utf8), limits: JSONLimits(maxDepth: 2)) == .truncated)
    }

    @Test("a string over the limit is flagged and kept (H10)")
    func oversize() throws {
        let fits = String(repeating: "x", count: 1 << 20)
        #expect(try faults(ofRecord: #"{"id":2,"a":"\#(fits)"}"#) == [[], [], []])
        #expect(try faults(ofRecord: #"{"id":2,"a":"\#(fits)y"}"#) == [[], .oversizeString, []])
        #expect(try faults(ofRecord: #"{"id":2,"\#(fits)y":1}"#) == [[], .oversizeString, []])
        #expect(try parse(#"["\#(fits)y"]"#).withRoot { $0.elements.map { $0.stringBytes?.count } } == [1 << 20 | 1])
    }

    @Test(
        "U+0000 and lone surrogates become U+FFFD, noted (H11, H12)",
        arguments: [
            (#"x\u0000y"#, "x\u{FFFD}y", true), (#"\u0000"#, "\u{FFFD}", true), (#"a\ud800"#, "a\u{FFFD}", true),
            (#"\ud83dx"#, "\u{FFFD}x", true), (#"\udc00x"#, "\u{FFFD}x", true),
            (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}", true),
            (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀", true), (#"\ud83d\n"#, "\u{FFFD}\n", true),
            (#"\ud83d\u0041"#, "\u{FFFD}A", true), (#"\ud83d\u0000"#, "\u{FFFD}\u{FFFD}", true),
            (#"\ud83d\ude00"#, "😀", false), (#"\uD83D\uDE00 \u00e9\u05D0"#, "😀 éא", false),
            (#"\ufffd"#, "\u{FFFD}", false),
            (#"\udbff\udfff\uffff\u0001"#, "\u{10FFFF}\u{FFFF}\u{1}", false),
            (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t", false),
            (#"a\\u0000"#, #"a\u0000"#, false),
        ]
    )
    func replacement(_ escaped: String, _ text: String, _ isReplaced: Bool) throws {
        try parse(#"[{"id":1,"a":"\#(escaped)","b":"after"},{"id":2}]"#).withRoot { root in
            let records = Array(root.elements)
            let value = try #require(records[0]["a"])
            #expect(value.string.map { Array($0.utf8) } == Array(text.utf8))
            #expect(value.hadReplacement == isReplaced && records[0]["b"]?.string == "after")
            #expect(records[0].faults == (isReplaced ? .hadReplacement : []) && records[1].faults.isEmpty)
        }
        try parse(#"{"\#(escaped)":1,"ok":2}"#).withRoot { root in
            let key = try #require(root.members.first { _ in true }?.key)
            #expect(Array(key.bytes) == Array(text.utf8) && key.hadReplacement == isReplaced)
            #expect(root.faults == (isReplaced ? [.replacementInKey, .hadReplacement] : []))
            #expect(root.member(named: text)?.int64 == 1 && root["ok"]?.int64 == 2)
        }
    }
}
